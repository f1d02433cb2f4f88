package io.postern.testkit.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs, processes, mounts and folders of this machine. */
final class Machine {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The kernel ends a child with the thread that forked it, so one thread forks and lives as long as the program. */
    private static final ExecutorService FORKER = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("engine-forker").unstarted(task));

    private Machine() {}

    /** A program where Debian puts programs, whatever the path variable says. */
    static Optional<Path> which(String program) {
        return Stream.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin")
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param output what it wrote, errors too */
    record Ran(int exit, String output) {}

    /** Runs a command without input to its end. */
    static Ran run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** A process that ends with this program, however that ends, where there is a {@code setpriv}. */
    static Process daemon(ProcessBuilder builder) {
        if (Files.isExecutable(SETPRIV)) {
            List<String> command = new ArrayList<>(List.of(SETPRIV.toString(), "--pdeathsig", "TERM", "--"));
            command.addAll(builder.command());
            builder.command(command);
        }
        Callable<Process> start = builder::start;
        try {
            return FORKER.submit(start).get();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    static void await(Process process) {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** Kills what has something below this folder in its arguments, and all that it started. */
    static void sweep(Path folder) {
        List<ProcessHandle> ours = ProcessHandle.allProcesses()
                .filter(process -> arguments(process.pid()).contains(folder + "/"))
                .toList();
        List<ProcessHandle> below =
                ours.stream().flatMap(ProcessHandle::descendants).toList();
        Stream.concat(ours.stream(), below.stream()).forEach(ProcessHandle::destroyForcibly);
        ours.forEach(process -> process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join());
    }

    private static String arguments(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Takes away the mounts below this folder. */
    static void unmount(Path folder) {
        try {
            Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" ")[1])
                    .filter(point -> point.startsWith(folder + "/"))
                    .sorted(Comparator.reverseOrder())
                    .forEach(point -> run(List.of("umount", "-l", point)));
        } catch (IOException e) {
            System.err.println("test engine cannot read its mounts: " + e);
        }
    }

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
