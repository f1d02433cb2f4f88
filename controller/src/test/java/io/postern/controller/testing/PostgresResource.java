package io.postern.controller.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** One PostgreSQL cluster per test run, on a free port of the loopback, gone afterwards. */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {
    private static final String ARCHIVE =
            "/postgres-linux-" + ("aarch64".equals(System.getProperty("os.arch")) ? "arm_64" : "x86_64") + ".txz";

    private @Nullable Path folder;
    private @Nullable Process server;

    @Override
    public Map<String, String> start() {
        try {
            Path root = Files.createTempDirectory("postern-pg-");
            folder = root;
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path programs = unpack(root.resolve("programs"));
            Path data = Files.createDirectory(root.resolve("data"));
            if (isRoot()) {
                run(List.of("chown", "65534:65534", data.toString()));
            }
            run(asServer(
                    programs.resolve("bin/initdb").toString(),
                    "-D",
                    data.toString(),
                    "-U",
                    "postern",
                    "-A",
                    "trust",
                    "--locale=C",
                    "-E",
                    "UTF8",
                    "--no-sync",
                    "--no-instructions"));
            int port = freePort();
            server = spawn(new ProcessBuilder(asServer(
                            programs.resolve("bin/postgres").toString(),
                            "-D",
                            data.toString(),
                            "-p",
                            Integer.toString(port),
                            "-c",
                            "listen_addresses=127.0.0.1",
                            "-c",
                            "unix_socket_directories=",
                            "-c",
                            "fsync=off"))
                    .redirectErrorStream(true)
                    .redirectOutput(root.resolve("log").toFile()));
            await(data.resolve("postmaster.pid"), root.resolve("log"));
            String place = "//127.0.0.1:" + port + "/postgres";
            return Map.of(
                    "quarkus.datasource.reactive.url",
                    "postgresql:" + place,
                    "quarkus.datasource.jdbc.url",
                    "jdbc:postgresql:" + place,
                    "quarkus.datasource.username",
                    "postern",
                    "quarkus.datasource.password",
                    "postern");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        Process running = server;
        if (running != null) {
            running.destroy();
            try {
                if (!running.waitFor(10, TimeUnit.SECONDS)) {
                    running.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Path root = folder;
        if (root != null) {
            try (Stream<Path> all = Files.walk(root)) {
                all.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Path unpack(Path into) throws IOException {
        Files.createDirectory(into);
        try (InputStream archive = PostgresResource.class.getResourceAsStream(ARCHIVE);
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("an entry outside of the archive");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(target.getParent());
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target);
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
        return into;
    }

    /** From a thread that lives as long as this JVM: the server is told when its parent thread dies. */
    private static Process spawn(ProcessBuilder builder) throws IOException {
        var started = new CompletableFuture<Process>();
        Thread.ofPlatform().daemon().name("postgres").start(() -> {
            try {
                Process process = builder.start();
                started.complete(process);
                process.waitFor();
            } catch (IOException | InterruptedException e) {
                started.completeExceptionally(e);
            }
        });
        try {
            return started.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static void await(Path pidFile, Path log) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < until) {
            if (Files.exists(pidFile)) {
                List<String> lines = Files.readAllLines(pidFile);
                if (lines.size() > 7 && lines.get(7).strip().equals("ready")) {
                    return;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new IOException("PostgreSQL did not start: " + Files.readString(log));
    }

    private static List<String> asServer(String... command) {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
            whole.addAll(List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"));
        }
        whole.addAll(List.of("setpriv", "--pdeathsig", "INT"));
        whole.addAll(List.of(command));
        return whole;
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command.getFirst() + " failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
