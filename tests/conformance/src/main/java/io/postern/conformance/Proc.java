package io.postern.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One child process: its output lines, kept and awaited, and a log file. Children never outlive this program: they are
 * killed by pid at exit, and by the kernel where {@code setpriv} can ask for it.
 */
final class Proc implements AutoCloseable {
    private static final Set<Proc> LIVING = ConcurrentHashMap.newKeySet();
    private static final boolean SETPRIV = Files.isExecutable(Path.of("/usr/bin/setpriv"));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVING.forEach(Proc::kill), "reaper"));
    }

    private final String name;
    private final Process process;
    private final Path log;
    private final List<String> lines = new ArrayList<>();
    private int read;
    private boolean ended;

    private Proc(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts a command; both output streams go to {@code log}, line by line. */
    static Proc start(String name, List<String> command, Map<String, String> environment, Path folder, Path log)
            throws IOException {
        List<String> whole = new ArrayList<>();
        if (SETPRIV) {
            whole.addAll(List.of("/usr/bin/setpriv", "--pdeathsig", "KILL", "--"));
        }
        whole.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(whole).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Files.createDirectories(log.toAbsolutePath().getParent());
        Files.writeString(log, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        // pdeathsig follows the thread that forks: it must live as long as this program
        Process process = Forker.start(builder);
        Proc proc = new Proc(name, process, log);
        LIVING.add(proc);
        Thread.ofPlatform().daemon().name("out-" + name).start(proc::pump);
        return proc;
    }

    private void pump() {
        try (BufferedReader reader =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                var file = Files.newBufferedWriter(log, StandardOpenOption.APPEND)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                file.write(line);
                file.newLine();
                file.flush();
                synchronized (this) {
                    lines.add(line);
                    notifyAll();
                }
            }
        } catch (IOException e) {
            synchronized (this) {
                lines.add("output lost: " + e);
            }
        } finally {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    /** The next unread line that fits, passing over others; fails when the output ends or the time passes first. */
    synchronized String await(String what, Predicate<String> fits, Duration limit) throws InterruptedException {
        return find(fits, limit)
                .orElseThrow(() -> new Failed(name + ": no " + what
                        + (ended ? ", it ended (" + exit() + ")" : " in " + limit.toSeconds() + " s") + tail()));
    }

    /** As {@link #await}, empty instead of a failure. */
    synchronized Optional<String> find(Predicate<String> fits, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            while (read < lines.size()) {
                String line = lines.get(read++);
                if (fits.test(line)) {
                    return Optional.of(line);
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (ended || left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
    }

    /** The last line of output that says anything. */
    synchronized String lastLine() throws InterruptedException {
        for (long end = System.nanoTime() + 2_000_000_000L; !ended && System.nanoTime() < end; ) {
            wait(100);
        }
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (!lines.get(i).isBlank()) {
                return lines.get(i).strip();
            }
        }
        return "";
    }

    /** All lines, when the output has ended. */
    synchronized List<String> lines() throws InterruptedException {
        for (long end = System.nanoTime() + 10_000_000_000L; !ended && System.nanoTime() < end; ) {
            wait(100);
        }
        return List.copyOf(lines);
    }

    /** Makes every line unread again. */
    synchronized void rewind() {
        read = 0;
    }

    /** Its name, whether it lives or how it ended, and what it said last. */
    synchronized String state() throws InterruptedException {
        for (long end = System.nanoTime() + 2_000_000_000L; !ended && !alive() && System.nanoTime() < end; ) {
            wait(100);
        }
        return name + ": " + exit() + tail();
    }

    private synchronized String tail() {
        List<String> last = lines.subList(Math.max(0, lines.size() - 3), lines.size());
        return last.isEmpty() ? "" : " | last: " + String.join(" / ", last);
    }

    /** Asks it to end, as an operator does. */
    void terminate() {
        process.destroy();
    }

    /** Waits for the end; the exit code. */
    int exitCode(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Failed(name + ": still running after " + limit.toSeconds() + " s" + tail());
        }
        return process.exitValue();
    }

    private String exit() {
        return process.isAlive() ? "alive" : "exit " + process.exitValue();
    }

    boolean alive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Ends standard input: hosts leave, lingering dialers close. */
    void endInput() {
        try (OutputStream out = process.getOutputStream()) {
            out.flush();
        } catch (IOException e) {
            return; // the process is gone, which is what the caller wants
        }
    }

    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** {@code kill -9}, and everything it started. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        LIVING.remove(this);
    }

    /** {@code kill -9} of this process alone. */
    void killAlone() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
        LIVING.remove(this);
    }

    /** Asks to end, waits, kills what is left. */
    @Override
    public void close() {
        endInput();
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }
}
