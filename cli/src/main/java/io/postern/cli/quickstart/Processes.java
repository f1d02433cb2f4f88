package io.postern.cli.quickstart;

import io.postern.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The programs of the network, as children. Each holds the reading end of a pipe whose writing end is ours and leaves
 * when the pipe closes, which happens however this program ends.
 */
final class Processes implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(10);
    /**
     * A network to look at shares a laptop with everything else: its heaps grow late, and give back what a start leaves. Its
     * code is the first compiler's: routers pass bytes on as fast with it, and no tunneler of theirs needs a cipher in Java.
     */
    private static final List<String> SMALL = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx384m",
            "-XX:MinHeapFreeRatio=5",
            "-XX:MaxHeapFreeRatio=10",
            "-XX:-ShrinkHeapInSteps", // at once, not in four collections
            // a pool of 4 MiB chunks for every event loop is for networks with work to do
            "-Dio.netty.allocator.numDirectArenas=1",
            "-Dio.netty.allocator.numHeapArenas=0",
            // the JDK's own classes stay as they are in their file, and all processes share them
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            // these jars are what the compiler made of them; to check each class again loads hundreds that nobody uses
            "-XX:-BytecodeVerificationRemote");
    /** Newer JDKs: objects' headers are halved, and what the C library keeps of freed memory goes back. */
    private static final List<String> SMALLER =
            List.of("-XX:+UseCompactObjectHeaders", "-XX:TrimNativeHeapInterval=5000");
    /** Heaps at first, and what is made between two collections. */
    private static final Map<String, List<String>> HEAPS =
            Map.of("controller", List.of("-Xms24m", "-Xmn8m"), "router", List.of("-Xms16m", "-Xmn4m"));
    /** The JDK from which on all of {@link #SMALLER} is there. */
    private static final int NEWER = 25;

    private final Home home;
    private final Map<String, Process> running = new LinkedHashMap<>();
    private boolean closed;

    Processes(Home home) {
        this.home = home;
    }

    /** Starts a program that stays. Its output goes to its log. */
    synchronized void start(String name, String program, List<String> flags, List<String> arguments)
            throws IOException {
        if (closed) {
            throw new Failure(Failure.REFUSED, "Stopping.");
        }
        running.put(name, launch(name, program, flags, arguments));
    }

    /** Runs a program to its end. */
    void run(String name, String program, List<String> arguments, Duration timeout)
            throws IOException, InterruptedException {
        Process process = launch(name, program, List.of(), arguments);
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new Failure(Failure.REFUSED, name + " did not end in time; see " + home.log(name) + ".");
        }
        if (process.exitValue() != 0) {
            throw new Failure(Failure.REFUSED, name + " failed: " + lastLine(home.log(name)));
        }
    }

    private Process launch(String name, String program, List<String> flags, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(start(where(program), HEAPS.getOrDefault(program, List.of()), flags));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(home.log(name).toFile()));
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2"); // glibc's own heaps, one for each thread otherwise
        if (program.equals("controller")) {
            // Not an argument: others on this machine can read those.
            builder.environment().put("POSTERN_ADMIN_PASSWORD", home.password());
        }
        return builder.start();
    }

    /** A jar is run by the java that runs us, an executable by itself: of the flags it takes the properties. */
    private static List<String> start(Path program, List<String> heap, List<String> flags) {
        List<String> command = new ArrayList<>();
        String last = "-Dpostern.exit-with-parent=true";
        if (!program.toString().endsWith(".jar")) {
            command.add(program.toString());
            command.add(last);
            Stream.of(SMALL, flags)
                    .flatMap(List::stream)
                    .filter(flag -> flag.startsWith("-D"))
                    .forEach(command::add);
            return command;
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL);
        command.addAll(heap);
        if (Runtime.version().feature() >= NEWER) {
            command.addAll(SMALLER);
        }
        command.add(last);
        command.addAll(flags);
        command.addAll(List.of("-jar", program.toString()));
        return command;
    }

    private static Path where(String program) {
        String property = "postern." + program + ".jar";
        String named = System.getProperty(property);
        if (named == null) {
            throw new Failure(
                    Failure.USAGE,
                    "Start this by ./postern, which knows where the programs are (" + property + " is not set).");
        }
        if (!Files.exists(Path.of(named))) {
            throw new Failure(Failure.FILE, "There is no program at " + named + "; build it first.");
        }
        return Path.of(named);
    }

    /** Tells the programs that nothing more is wanted of them for now, so that they give back what they needed until here. */
    synchronized void rest() {
        for (Process process : running.values()) {
            try {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            } catch (IOException e) {
                // it has ended, as whoever waits for it is told
            }
        }
    }

    /** Throws when a program that should run has ended. */
    synchronized void checkAlive() {
        running.forEach((name, process) -> {
            if (!process.isAlive() && !closed) {
                throw new Failure(
                        Failure.REFUSED,
                        name + " ended with code " + process.exitValue() + ": " + lastLine(home.log(name)));
            }
        });
    }

    /** Waits until one of the programs ends, and says which; null when that was our own doing. */
    @Nullable
    String awaitDeath() throws InterruptedException {
        CompletableFuture<?>[] ends =
                running.values().stream().map(Process::onExit).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.anyOf(ends).get();
            checkAlive();
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        } catch (Failure failure) {
            return failure.getMessage();
        }
        return null;
    }

    private static String lastLine(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            for (int i = lines.size() - 1; i >= 0; i--) {
                String line = lines.get(i).strip();
                if (!line.isEmpty() && !line.startsWith("at ") && !line.startsWith("...")) {
                    return line + " (" + log + ")";
                }
            }
        } catch (IOException e) {
            // The name of the log has to do.
        }
        return "see " + log;
    }

    /** Stops all, last started first; those that do not end by themselves are ended. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        List<Process> all = new ArrayList<>(running.values());
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).destroy();
        }
        long deadline = System.nanoTime() + STOP.toNanos();
        for (Process process : all) {
            end(process, Math.max(0, deadline - System.nanoTime()));
        }
        try {
            home.close();
        } catch (IOException e) {
            // The lock goes with the process.
        }
    }

    private static void end(Process process, long nanos) {
        try {
            if (process.waitFor(nanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            // somebody is in a hurry
        }
        process.destroyForcibly();
    }
}
