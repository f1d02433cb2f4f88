package io.postern.conformance;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Our command line, called as people call it ({@link #process}), and its commands inside this process ({@link #inside}),
 * which starts no program and so costs a twentieth: the same classes, arguments, outputs and exit codes.
 */
final class Verbs implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Path root;
    private final Path logs;
    private final URLClassLoader loader;
    private final Method prepared;
    private final Constructor<?> commands;
    private int runs;

    /** Exit code and what was printed, both streams. */
    record Outcome(int code, String text) {
        Outcome expect(int wanted, String... words) {
            if (code != wanted) {
                throw new Failed("exit " + code + " for " + wanted + ": " + text.strip());
            }
            for (String word : words) {
                if (!text.contains(word)) {
                    throw new Failed("no '" + word + "' in: " + text.strip());
                }
            }
            if (text.contains("\tat ")) {
                throw new Failed("a stack trace: " + text.strip());
            }
            return this;
        }
    }

    Verbs(Path root, Path logs) throws IOException, ReflectiveOperationException {
        this.root = root;
        this.logs = logs;
        List<URL> jars = new ArrayList<>();
        for (String folder : List.of("app", "lib/main", "lib/boot")) {
            try (Stream<Path> all =
                    Files.list(root.resolve("cli/target/quarkus-app").resolve(folder))) {
                for (Path jar :
                        all.filter(path -> path.toString().endsWith(".jar")).toList()) {
                    jars.add(jar.toUri().toURL());
                }
            }
        }
        this.loader = new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Class<?> postern = loader.loadClass("io.postern.cli.Postern");
        this.prepared = loader.loadClass("io.postern.cli.CommandLines").getDeclaredMethod("prepared", postern);
        this.prepared.setAccessible(true);
        this.commands = postern.getConstructor();
    }

    /** {@code ./postern ARGUMENTS}, which has been built. */
    static List<String> command(Path root, String... arguments) {
        List<String> command = new ArrayList<>(List.of(root.resolve("postern").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** {@code postern ARGUMENTS} as a process of its own. */
    Outcome process(String... arguments) throws IOException, InterruptedException {
        return process(Map.of(), arguments);
    }

    /** Likewise, with these variables. */
    Outcome process(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        try (Proc proc = start(environment, arguments)) {
            proc.endInput();
            int code = proc.exitCode(LIMIT);
            return new Outcome(code, String.join("\n", proc.lines()));
        }
    }

    /** {@code postern ARGUMENTS} that stays. */
    Proc start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    private synchronized Proc start(Map<String, String> environment, String... arguments) throws IOException {
        String name = "postern-" + ++runs;
        return Proc.start(name, command(root, arguments), environment, root, logs.resolve(name + ".log"));
    }

    Outcome inside(String... arguments) throws ReflectiveOperationException {
        StringWriter text = new StringWriter();
        // Keeps back what nobody flushes, as a pipe does.
        PrintWriter writer = new PrintWriter(new BufferedWriter(text), true);
        Thread.currentThread().setContextClassLoader(loader);
        Object command = prepared.invoke(null, commands.newInstance());
        Class<?> type = command.getClass();
        type.getMethod("setOut", PrintWriter.class).invoke(command, writer);
        type.getMethod("setErr", PrintWriter.class).invoke(command, writer);
        int code = (int) type.getMethod("execute", String[].class).invoke(command, (Object) arguments);
        return new Outcome(code, text.toString());
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
