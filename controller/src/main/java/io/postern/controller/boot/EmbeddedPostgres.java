package io.postern.controller.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of our own in a folder: durable (fsync on), loopback only, password by SCRAM, a direct child that shuts
 * down when this process ends however it ends. A server that survived is adopted and then owned. The folder is locked,
 * so that two controllers cannot share it. Start and close block; a close while it starts stops what has started so far.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    /** The data folder's format; the binaries' major version must not move without a migration. */
    static final int MAJOR = 18;

    private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);
    private static final String USER = "postern";
    private static final String NAME = "postern";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Path root;
    private final Path data;
    private final List<String> settings;
    private volatile @Nullable FileChannel lockFile;
    private volatile @Nullable ProcessHandle server;

    /** @param folder gets {@code programs-*}, {@code data-18}, the password and the log */
    public EmbeddedPostgres(Path folder) {
        this(folder, List.of());
    }

    /** @param settings further server settings such as {@code fsync=off}, for tests */
    public EmbeddedPostgres(Path folder, List<String> settings) {
        this.root = folder.toAbsolutePath().normalize();
        this.data = root.resolve("data-" + MAJOR);
        this.settings = List.copyOf(settings);
    }

    /** Starts or adopts the server and makes the database. */
    public Database start() throws IOException {
        Folders.createPrivate(root.getParent());
        Files.createDirectories(root);
        lock();
        ServerUser user = ServerUser.of(root, data);
        if (user == ServerUser.NOBODY) {
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        }
        removeCutOff();
        String password = password();
        Path programs = PostgresBinaries.unpack(root);
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            initialise(user, programs, password);
        }
        Optional<Database> adopted = adopt(password);
        if (adopted.isPresent()) {
            return adopted.get();
        }
        launch(user, programs);
        return ready(password, false);
    }

    /** The database of a server that runs already, if it stays: one whose owner was killed a moment ago is on its way down. */
    private Optional<Database> adopt(String password) throws IOException {
        Optional<Postmaster> running = Postmaster.read(data).filter(Postmaster::isAlive);
        ProcessHandle found = running.flatMap(Postmaster::handle).orElse(null);
        if (found == null) {
            return Optional.empty();
        }
        LOG.infof("postgres.adopt pid=%d", found.pid());
        server = found;
        try {
            return Optional.of(ready(password, true));
        } catch (IOException e) {
            if (Postmaster.read(data).filter(Postmaster::isReady).isPresent() || !ends(found)) {
                throw e;
            }
            LOG.infof("postgres.adopt.ended pid=%d", found.pid());
            server = null;
            return Optional.empty();
        }
    }

    /** A server takes its file away as it ends; whoever is to reap it may take longer, or never do it. */
    private boolean ends(ProcessHandle process) throws IOException {
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        while (process.isAlive() && Postmaster.read(data).isPresent()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            pause();
        }
        return true;
    }

    private Database ready(String password, boolean adopted) throws IOException {
        int port = awaitReady(adopted);
        var database = new Database("postgresql://127.0.0.1:" + port + "/" + NAME, USER, password);
        createDatabase(database, port);
        LOG.infof("postgres.ready port=%d data=%s", port, data);
        return database;
    }

    /** Stops the server, adopted or not, and waits until it has. */
    @Override
    public void close() {
        ProcessHandle running = server;
        server = null;
        if (running != null && running.isAlive()) {
            interrupt(running.pid());
            try {
                running.onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                LOG.warnf("postgres.stop did not end within %s", STOP_LIMIT);
            }
        }
        unlock();
    }

    /** What is left of starts that were cut off; a maker of databases may still be at it and then leaves some. */
    private void removeCutOff() throws IOException {
        try (var left = Files.newDirectoryStream(root, "{making-,initial-,initdb-,unpacking-}*")) {
            for (Path path : left) {
                try {
                    Folders.delete(path);
                } catch (IOException | UncheckedIOException e) {
                    LOG.debugf("postgres.left path=%s %s", path, e.getMessage());
                }
            }
        }
    }

    private void lock() throws IOException {
        FileChannel file = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            file.close();
            throw new IOException("another controller uses the data folder " + root);
        }
        lockFile = file;
    }

    private void unlock() {
        FileChannel file = lockFile;
        lockFile = null;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.debugf(e, "postgres.unlock");
            }
        }
    }

    private String password() throws IOException {
        Path file = root.resolve("password");
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        return Files.readString(file).strip();
    }

    /** In a folder of its own until it is whole: a start that is cut off leaves nothing that looks like a database. */
    private void initialise(ServerUser user, Path programs, String password) throws IOException {
        Path fresh = Files.createTempDirectory(root, "making-");
        user.own(fresh);
        initialise(user, programs, password, fresh);
        Folders.delete(data);
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void initialise(ServerUser user, Path programs, String password, Path fresh) throws IOException {
        // initdb reads the password as the server's user, so it gets a copy of its own for this moment
        Path given = Files.createTempFile(root, "initial-", "");
        try {
            Files.writeString(given, password);
            user.own(given);
            run(user.command(List.of(
                    programs.resolve("bin/initdb").toString(),
                    "-D",
                    fresh.toString(),
                    "-U",
                    USER,
                    "-A",
                    "scram-sha-256",
                    "--pwfile=" + given,
                    "--locale=C",
                    "-E",
                    "UTF8",
                    "--no-instructions")));
        } finally {
            Files.deleteIfExists(given);
        }
    }

    private void run(List<String> command) throws IOException {
        Path log = Files.createTempFile(root, "initdb-", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(root.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("initdb did not end within " + START_LIMIT);
            }
            if (process.exitValue() != 0) {
                throw new IOException("initdb failed: " + Files.readString(log).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while initdb ran", e);
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private void launch(ServerUser user, Path programs) throws IOException {
        var command = new ArrayList<>(List.of(
                programs.resolve("bin/postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                Integer.toString(freePort()),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                // processes that one machine's network has no work for
                "-c",
                "io_method=sync",
                "-c",
                "max_logical_replication_workers=0"));
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        Path log = root.resolve("postgres.log");
        if (Files.exists(log)) {
            Files.move(log, root.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        var builder = new ProcessBuilder(user.serverCommand(command))
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        var started = new CompletableFuture<ProcessHandle>();
        // the parent-death signal follows the thread that forks, so this thread lives as long as the server
        Thread keeper = new Thread(() -> keep(builder, started), "postgres-keeper");
        keeper.setDaemon(true);
        keeper.start();
        try {
            server = started.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL started", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("PostgreSQL cannot be started: " + e.getMessage(), e);
        }
    }

    private static void keep(ProcessBuilder builder, CompletableFuture<ProcessHandle> started) {
        try {
            Process process = builder.start();
            started.complete(process.toHandle());
            int status = process.waitFor();
            LOG.debugf("postgres.ended status=%d", status);
        } catch (IOException e) {
            started.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int awaitReady(boolean adopted) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Optional<Postmaster> found = Postmaster.read(data);
            Optional<ProcessHandle> ready = found.filter(Postmaster::isReady).flatMap(Postmaster::handle);
            if (ready.isPresent()) {
                server = ready.get();
                return found.get().port();
            }
            ProcessHandle running = server;
            if (running == null || !running.isAlive() || adopted && found.isEmpty()) {
                break;
            }
            pause();
        }
        Path log = root.resolve("postgres.log");
        throw new IOException("PostgreSQL did not become ready; its log is " + log);
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL started", e);
        }
    }

    private static void createDatabase(Database database, int port) throws IOException {
        var login = new Properties();
        login.setProperty("user", database.username());
        login.setProperty("password", database.password());
        try (var connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", login);
                var statement = connection.createStatement()) {
            var found = statement.executeQuery("select 1 from pg_database where datname = '" + NAME + "'");
            if (!found.next()) {
                statement.execute("create database " + NAME);
            }
        } catch (SQLException e) {
            throw new IOException("cannot log in to the embedded PostgreSQL: " + e.getMessage(), e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void interrupt(long pid) {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            LOG.warnf("postgres.stop pid=%d cannot be signalled: %s", pid, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
