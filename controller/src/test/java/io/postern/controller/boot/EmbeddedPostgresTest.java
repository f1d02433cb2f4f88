package io.postern.controller.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
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
        Process owner = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        folder.resolve("postgres").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("owner.log").toFile())
                .start();
        Path data = folder.resolve("postgres/data-18");
        try {
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> !owner.isAlive()
                            || Postmaster.read(data).filter(Postmaster::isReady).isPresent());
            assertThat(owner.isAlive())
                    .as(() -> read(folder.resolve("owner.log")))
                    .isTrue();
        } finally {
            owner.destroyForcibly().waitFor();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> Postmaster.read(data).isEmpty());
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
