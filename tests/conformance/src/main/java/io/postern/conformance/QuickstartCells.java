package io.postern.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The quickstart's ends: whatever signal it gets and at whatever moment, no process of its outlives it, and the next run in
 * the same folder goes on from what is there. One folder serves all cells, so each begins where the one before was cut off.
 */
final class QuickstartCells {
    private static final Duration STARTED = Duration.ofSeconds(400);
    private static final Duration GONE = Duration.ofSeconds(90);
    private static final List<String> KEPT = List.of("ports.json", "host.json", "dialer.json", "admin.password");

    private final Report report;
    private final Path root;
    private final Path home;
    private final Path logs;
    private final List<String> state = new ArrayList<>();
    private int runs;

    QuickstartCells(Report report, Path root, Path work, Path logs) {
        this.report = report;
        this.root = root;
        this.home = work.resolve("quickstart-home");
        this.logs = logs;
    }

    void run() {
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            report.skip("quickstart/ends", "processes are looked for in /proc");
            return;
        }
        report.cell("quickstart/killed-making-database", () -> ended("KILL", 137, this::makesDatabase));
        report.cell("quickstart/killed-controller-starting", () -> ended("KILL", 137, this::databaseIsUp));
        report.cell(
                "quickstart/interrupted-routers-starting",
                () -> ended("INT", 130, proc -> {
                    line(proc, "is enrolled"); // one of the two
                    line(proc, "is enrolled");
                }));
        report.cell(
                "quickstart/terminated",
                () -> ended("TERM", 143, proc -> {
                    up(proc);
                    for (String file : KEPT) {
                        state.add(Files.readString(home.resolve(file)));
                    }
                }));
        report.cell(
                "quickstart/resumed-and-killed",
                () -> ended("KILL", 137, proc -> {
                    line(proc, "Going on in");
                    up(proc);
                    for (int i = 0; i < state.size(); i++) {
                        if (!state.get(i).equals(Files.readString(home.resolve(KEPT.get(i))))) {
                            throw new Failed(KEPT.get(i) + " is another one than before");
                        }
                    }
                }));
    }

    /** Waits for the moment to end it. */
    private interface Moment {
        void await(Proc proc) throws IOException, InterruptedException;
    }

    private String ended(String signal, int exit, Moment moment) throws IOException, InterruptedException {
        String name = "quickstart-" + ++runs;
        // whoever started us beside something else may have let us ignore an interrupt
        List<String> command = new ArrayList<>(List.of("/usr/bin/env", "--default-signal=INT"));
        command.addAll(Verbs.command(root, "quickstart", "--home", home.toString()));
        Proc proc = Proc.start(name, command, Map.of(), root, logs.resolve(name + ".log"));
        try {
            moment.await(proc);
            List<Living> children = new ArrayList<>();
            for (ProcessHandle child : proc.descendants()) {
                children.add(new Living(child.pid(), commandLine(child.pid())));
            }
            new ProcessBuilder("kill", "-" + signal, Long.toString(proc.pid()))
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
            long began = System.nanoTime();
            int code = proc.exitCode(GONE);
            if (code != exit) {
                throw new Failed("exit code " + code + " for " + exit);
            }
            awaitNobody(children);
            return children.size() + " processes, all gone after "
                    + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms";
        } finally {
            proc.kill();
        }
    }

    /** A process as it was seen, so that another with its id is not taken for it. */
    private record Living(long pid, String commandLine) {
        boolean lives() {
            return !commandLine.isEmpty() && QuickstartCells.commandLine(pid).equals(commandLine);
        }
    }

    private void awaitNobody(List<Living> children) throws IOException, InterruptedException {
        Await.that("nobody who outlives it", GONE)
                .until(
                        () -> {
                            List<String> left = new ArrayList<>(ofThisHome());
                            children.stream().filter(Living::lives).forEach(child -> left.add(child.commandLine()));
                            return left;
                        },
                        List::isEmpty);
    }

    /** Command lines that name the folder: programs of ours, database servers, what makes databases. */
    private List<String> ofThisHome() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(pid -> commandLine(Long.parseLong(pid)))
                    .filter(line -> line.contains(home.toString()))
                    .toList();
        }
    }

    /** Empty for a process that has ended, reaped or not. */
    private static String commandLine(long pid) {
        try {
            return new String(
                            Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    private void makesDatabase(Proc proc) throws IOException, InterruptedException {
        until(proc, "initdb", () -> ofThisHome().stream().anyMatch(line -> line.contains("initdb")) || isDatabaseUp());
    }

    private void databaseIsUp(Proc proc) throws IOException, InterruptedException {
        until(proc, "a running database", this::isDatabaseUp);
    }

    private boolean isDatabaseUp() {
        try {
            return Files.readString(home.resolve("controller/postgres/data-18/postmaster.pid"))
                    .contains("ready");
        } catch (IOException e) {
            return false;
        }
    }

    private static void until(Proc proc, String what, Await.Condition<IOException> condition)
            throws IOException, InterruptedException {
        Await.that(what, STARTED).every(Duration.ofMillis(10)).whileAlive(proc).holds(condition);
    }

    private static void line(Proc proc, String text) throws InterruptedException {
        proc.await(text, line -> line.contains(text), STARTED);
    }

    private static void up(Proc proc) throws InterruptedException {
        line(proc, "The network stays up until Ctrl-C.");
    }
}
