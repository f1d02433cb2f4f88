package io.postern.controller.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postern.testkit.LogCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir
    Path folder;

    @Test
    void keepsDataOverRestartsAndRefusesStrangers() throws IOException, SQLException {
        Path home = folder.resolve("postgres");
        Database first;
        try (var postgres = new EmbeddedPostgres(home)) {
            first = postgres.start();
            try (var connection = login(first);
                    var statement = connection.createStatement()) {
                var fsync = statement.executeQuery("show fsync");
                assertThat(fsync.next()).isTrue();
                assertThat(fsync.getString(1)).isEqualTo("on");
                statement.execute("create table kept as select 42 as answer");
            }
            var login = first;
            assertThatThrownBy(() -> DriverManager.getConnection(login.jdbcUrl(), login.username(), "wrong"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> new EmbeddedPostgres(home).start()).hasMessageContaining("another controller");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("password"))))
                    .isEqualTo("rw-------");
            assertThat(first.toString()).doesNotContain(first.password());
        }
        assertThat(home.resolve("data-18/postmaster.pid")).doesNotExist();
        try (var postgres = new EmbeddedPostgres(home)) {
            Database second = postgres.start();
            assertThat(second.password()).isEqualTo(first.password());
            try (var connection = login(second);
                    var result = connection.createStatement().executeQuery("select answer from kept")) {
                assertThat(result.next()).isTrue();
                assertThat(result.getInt(1)).isEqualTo(42);
            }
        }
    }

    /** Kills a JVM that owns a server as {@code kill -9} would: the server shuts down by itself. */
    @Test
    void serverDoesNotOutliveAKilledOwner() throws IOException, InterruptedException {
        owner().destroyForcibly().waitFor();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Postmaster.read(data()).isEmpty());
    }

    /** An executable is there again before the server of its killed predecessor has ended; here its last checkpoint is held up. */
    @Test
    void startsWhileTheServerOfAKilledOwnerEnds() throws IOException, InterruptedException, SQLException {
        Process owner = owner();
        long checkpointer = Postmaster.read(data())
                .flatMap(server -> ProcessHandle.of(server.pid()))
                .orElseThrow()
                .children()
                .mapToLong(ProcessHandle::pid)
                .filter(pid -> read(Path.of("/proc/" + pid + "/cmdline")).startsWith("postgres: checkpointer"))
                .findFirst()
                .orElseThrow();
        signal("STOP", checkpointer);
        owner.destroyForcibly().waitFor();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Postmaster.read(data())
                        .filter(server -> server.state().equals("stopping"))
                        .isPresent());
        Consumer<String> goesOn = line -> {
            if (line.startsWith("postgres.adopt pid=")) {
                signal("CONT", checkpointer);
            }
        };
        try (var adopted = LogCapture.of(EmbeddedPostgres.class.getName(), Level.INFO, goesOn);
                var postgres = new EmbeddedPostgres(folder.resolve("postgres"));
                var connection = login(postgres.start());
                var result = connection.createStatement().executeQuery("select 42")) {
            assertThat(result.next()).isTrue();
        }
    }

    private static void signal(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path data() {
        return folder.resolve("postgres/data-18");
    }

    /** A JVM whose server is ready; killed if it has none. */
    private Process owner() throws IOException {
        Process owner = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        folder.resolve("postgres").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("owner.log").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> !owner.isAlive()
                            || Postmaster.read(data())
                                    .filter(Postmaster::isReady)
                                    .isPresent());
            assertThat(owner.isAlive())
                    .as(() -> read(folder.resolve("owner.log")))
                    .isTrue();
            return owner;
        } catch (AssertionError | ConditionTimeoutException e) {
            owner.destroyForcibly();
            throw e;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Starts a server and waits to be killed. */
    static final class Owner {
        public static void main(String[] args) throws Exception {
            try (var postgres = new EmbeddedPostgres(Path.of(args[0]))) {
                postgres.start();
                Thread.sleep(Duration.ofSeconds(120));
            }
        }
    }

    private static Connection login(Database database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }
}
