package io.postern.conformance;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Starts the built programs. */
record Programs(Path root, Path work, Path logs) {
    /** Time for a program to come up on a busy machine. */
    static final Duration BOOT = Duration.ofSeconds(240);

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    /** @param module {@code controller}, {@code edge-router} or {@code ws-proxy}; flags of the JVM as the launcher gives them */
    Proc java(String name, String module, Map<String, String> environment, List<String> arguments) throws IOException {
        List<String> command = start(root, module);
        command.addAll(arguments);
        return Proc.start(name, command, environment, work, logs.resolve(name + ".log"));
    }

    /**
     * How a program begins: a JVM, its flags and its jar, or the executable, if the folder that {@code POSTERN_EXECUTABLES}
     * names has one of it. The answer may be added to.
     */
    static List<String> start(Path root, String module) {
        String executables = System.getenv().getOrDefault("POSTERN_EXECUTABLES", "");
        if (!executables.isEmpty()) {
            Path executable = Path.of(executables, "postern-" + module).toAbsolutePath();
            if (Files.isExecutable(executable)) {
                return new ArrayList<>(List.of(executable.toString()));
            }
            System.err.println("No executable " + executable + ": " + module + " runs on a JVM.");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
        String flags = module.equals("edge-router") ? "router" : module;
        command.add("@" + root.resolve("scripts/" + flags + ".jvm"));
        command.addAll(options(module));
        if (module.equals("edge-router")) {
            command.add("-XX:CompilerDirectivesFile=" + root.resolve("scripts/router-compiler.json"));
        }
        command.addAll(List.of(
                "-jar",
                root.resolve(module + "/target/quarkus-app/quarkus-run.jar").toString()));
        return command;
    }

    /**
     * Lanes start many controllers for a short while and ask for quick starts; benches have what an operator has. Routers and
     * proxies pass bulk through ciphers in Java, which are twenty times slower without the second compiler.
     */
    static List<String> options(String module) {
        String more = System.getenv().getOrDefault("POSTERN_JAVA_OPTS", "");
        if (module.equals("controller")) {
            more = System.getenv().getOrDefault("LANE_CONTROLLER_OPTS", "") + " " + more;
        }
        more = more.strip();
        return more.isEmpty() ? List.of() : List.of(more.split(" +"));
    }

    /** Asks again and again while the program lives. */
    void await(String what, Proc proc, Await.Condition<RuntimeException> condition) throws InterruptedException {
        try {
            Await.that(what, BOOT).whileAlive(proc).holds(condition);
        } catch (Failed e) {
            throw new Failed(e.getMessage() + "; " + proc.state() + "; logs in " + logs, e);
        }
    }

    /**
     * A port that nobody listens at, and that nobody else here has been given: groups that run at the same time draw many, and
     * each may pass a while before its program listens, or be down for a restart. Below those that the system gives out by
     * itself, of which one could go to another program's connection in that time.
     */
    static int freePort() throws IOException {
        for (int tries = 0; tries < 1_000; tries++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
            if (!GIVEN.add(port)) {
                continue;
            }
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                continue;
            }
        }
        throw new IOException("no port between 12000 and 32000 is free");
    }
}
