package io.postern.cli.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.Failure;
import io.postern.client.IdentityFile;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The quickstart's folder: what has to be the same the next time. Ports are chosen once, because addresses are part of
 * certificates and identity files. One quickstart at a time uses a folder.
 */
final class Home {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> PORTS = List.of("controller", "edge-a", "link-a", "edge-b", "link-b");

    private final Path folder;
    private final ObjectNode ports;
    private final FileChannel lock;

    private Home(Path folder, ObjectNode ports, FileChannel lock) {
        this.folder = folder;
        this.ports = ports;
        this.lock = lock;
    }

    static Home open(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectories(folder.resolve("logs"));
        FileChannel lock =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new Failure(
                        Failure.REFUSED,
                        "A quickstart is running in " + folder + " already; stop it, or choose another --home.");
            }
        } catch (OverlappingFileLockException e) {
            throw new Failure(Failure.REFUSED, "A quickstart is running in " + folder + " already.");
        }
        return new Home(folder, ports(folder.resolve("ports.json")), lock);
    }

    private static ObjectNode ports(Path file) throws IOException {
        JsonNode known = Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
        if (known instanceof ObjectNode ports && PORTS.stream().allMatch(ports::has)) {
            for (String name : PORTS) {
                checkFree(name, ports.path(name).asInt());
            }
            return ports;
        }
        ObjectNode fresh = JSON.createObjectNode();
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (String name : PORTS) {
                ServerSocket socket = listen();
                held.add(socket);
                fresh.put(name, socket.getLocalPort());
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
        Files.writeString(file, fresh.toString());
        return fresh;
    }

    /**
     * At a port below those that systems give to whoever connects somewhere (from 32768 on), for it is to be free at the next
     * start too; at any, when none is found.
     */
    private static ServerSocket listen() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            try {
                return new ServerSocket(
                        ThreadLocalRandom.current().nextInt(12_000, 32_000), 1, InetAddress.getLoopbackAddress());
            } catch (BindException taken) {
                continue;
            }
        }
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static void checkFree(String name, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (IOException e) {
            throw new Failure(
                    Failure.REFUSED,
                    "Port " + port + " (" + name + "), which this network had before, is taken by another program."
                            + " Stop that one, or choose another --home.");
        }
    }

    int port(String name) {
        return ports.path(name).asInt();
    }

    String controller() {
        return "https://localhost:" + port("controller");
    }

    Path folder() {
        return folder;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Path log(String name) {
        return folder.resolve("logs").resolve(name + ".log");
    }

    String whereToLook() {
        return "The logs are in " + folder.resolve("logs") + " (controller.log, routers.log).";
    }

    Path passwordFile() {
        return folder.resolve("admin.password");
    }

    /** The administrator's password, made up the first time. */
    String password() throws IOException {
        if (!Files.exists(passwordFile())) {
            byte[] random = new byte[18];
            new SecureRandom().nextBytes(random);
            IdentityFile.writePrivate(
                    passwordFile(), Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
        }
        return Files.readString(passwordFile()).strip();
    }

    /** Releases the folder. */
    void close() throws IOException {
        lock.close();
    }
}
