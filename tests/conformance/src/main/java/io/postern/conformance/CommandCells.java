package io.postern.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Lane {@code commands}: our own command line into a container, over a line that breaks; with a terminal in tmux. */
final class CommandCells implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int STALL = 45;
    private static final int BULK = 64 * 1024 * 1024;
    private static final String WEB = ConsoleWorld.HOST + "/web";

    private final ConsoleWorld world;
    private final Report report;
    private final Path folder;
    private final List<String> postern;
    private final Tmux tmux;
    private int runs;

    CommandCells(ConsoleWorld world, Report report, Path root, Path work) throws IOException {
        this.world = world;
        this.report = report;
        this.folder = Files.createDirectories(work.resolve("commands"));
        this.postern = Verbs.command(root);
        this.tmux = new Tmux(folder.resolve("tmux"), 90, 30, PATIENCE);
    }

    void run(String controller) throws IOException {
        if (!report.cell("commands/login", () -> login(controller))) {
            return;
        }
        report.cell("commands/containers", () -> {
            Ran ran = postern(null, "containers", "-o", "name");
            expect(ran.output().lines().anyMatch(WEB::equals), ran);
            return ran.output().strip();
        });
        report.cell("commands/exec", () -> {
            Ran ran = postern(null, "exec", WEB, "--", "sh", "-c", "echo out; echo err >&2; exit 7");
            expect(
                    ran.exit() == 7
                            && ran.output().equals("out\n")
                            && ran.errors().equals("err\n"),
                    ran);
            Ran alone = postern(null, "exec", "web", "--", "echo", "by its name");
            expect(alone.exit() == 0 && alone.output().equals("by its name\n"), alone);
            Ran none = postern(null, "exec", WEB, "--", "/no/such/program");
            expect(none.exit() == 126 || none.exit() == 127, none);
            Ran unknown = postern(null, "exec", ConsoleWorld.HOST + "/none", "--", "true");
            expect(unknown.exit() == 125 && unknown.errors().startsWith("postern: "), unknown);
            return "7, " + none.exit() + ", 125";
        });
        report.cell("commands/pipe-64-mib", this::pipe);
        report.cell("commands/stalls", this::stalls);
        report.cell("commands/cut", this::cut);
        report.cell("commands/cp", this::copies);
        if (!Tmux.isHere()) {
            report.unavailable("commands/terminal", "no tmux");
            return;
        }
        report.cell("commands/terminal", this::terminal);
        report.cell("commands/play", this::play);
        report.cell("commands/attach", this::attach);
    }

    private String login(String controller) throws IOException, InterruptedException {
        Path secret = Files.writeString(folder.resolve("password"), world.password() + "\n");
        Ran ran = postern(
                null,
                "login",
                controller,
                "--yes",
                "-u",
                "alice",
                "--password-file",
                secret.toString(),
                "--ws-proxy",
                world.badAddress(),
                "--ws-proxy-ca",
                world.authority().toString());
        expect(ran.exit() == 0, ran);
        return ran.output().strip();
    }

    /** Through cat and back: the pipe is only as fast as its slowest end, and ends when its input does. */
    private String pipe() throws IOException, InterruptedException {
        Path bulk = bulk();
        long began = System.nanoTime();
        Ran ran = postern(bulk, "exec", "-i", WEB, "--", "cat");
        double seconds = (System.nanoTime() - began) / 1e9;
        expect(ran.exit() == 0 && hash(ran.out()).equals(hash(bulk)), ran);
        return "%.1f MiB/s each way".formatted(BULK / 1048576 / seconds);
    }

    private Path bulk() throws IOException {
        Path bulk = folder.resolve("bulk");
        if (!Files.exists(bulk)) {
            byte[] bytes = new byte[BULK];
            new Random(64).nextBytes(bytes);
            Files.write(bulk, bytes);
        }
        return bulk;
    }

    /** Longer than anybody waits for an answer: a reader who looks at the first page, a command that takes no input yet. */
    private String stalls() throws IOException, InterruptedException {
        Process taker = start(bulk(), "exec", "-i", WEB, "--", "sh", "-c", "sleep " + STALL + "; wc -c");
        Path taken = outputs();
        Path errors = folder.resolve(runs + ".err");
        Process paged = reading("exec", WEB, "--", "sh", "-c", "head -c " + BULK + " /dev/zero; exit 4");
        long bytes = paged.getInputStream().readNBytes(4096).length;
        Thread.sleep(Duration.ofSeconds(STALL));
        bytes += paged.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        Ran reader = ended(paged);
        if (bytes != BULK || reader.exit() != 4) {
            throw new Failed("a reader that stalls got " + bytes + " bytes and " + reader);
        }
        if (!taker.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            taker.destroyForcibly();
        }
        Ran ran = new Ran(taker.waitFor(), taken, errors);
        expect(ran.exit() == 0 && ran.output().strip().equals(String.valueOf(BULK)), ran);
        return "64 MiB each, " + STALL + " s late";
    }

    private String cut() throws IOException, InterruptedException {
        int before = world.badLine().accepted();
        String script = "i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo line-$i; usleep 10000; done; exit 5";
        Process process = start(null, "exec", WEB, "--", "sh", "-c", script);
        Path out = outputs();
        for (int at : new int[] {40, 200}) {
            Await.that(at + " lines", PATIENCE)
                    .every(Duration.ofMillis(50))
                    .until(() -> Files.readString(out).lines().count(), lines -> !process.isAlive() || lines >= at);
            world.badLine().cut();
        }
        Ran ran = ended(process);
        StringBuilder all = new StringBuilder();
        for (int i = 1; i <= 400; i++) {
            all.append("line-").append(i).append('\n');
        }
        expect(ran.exit() == 5 && ran.output().contentEquals(all), ran);
        return "400 lines, exit 5, " + (world.badLine().accepted() - before) + " connections";
    }

    private String copies() throws IOException, InterruptedException {
        Path tree = Files.createDirectories(folder.resolve("tree/deep"));
        Path file = Files.writeString(tree.resolve("file"), "content");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
        Ran in = postern(null, "cp", folder.resolve("tree").toString(), WEB + ":/tmp/copied");
        expect(in.exit() == 0, in);
        Ran seen = postern(null, "exec", WEB, "--", "cat", "/tmp/copied/deep/link");
        expect(seen.output().equals("content"), seen);
        Path back = folder.resolve("back");
        Ran out = postern(null, "cp", WEB + ":/tmp/copied", back.toString());
        expect(out.exit() == 0, out);
        Path copy = back.resolve("deep/file");
        expect(Files.readString(copy).equals("content"), out);
        expect(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(copy))
                        .equals("rwxr-x--x"),
                out);
        Ran one = postern(
                null,
                "cp",
                WEB + ":/tmp/copied/deep/file",
                folder.resolve("renamed").toString());
        expect(one.exit() == 0 && Files.readString(folder.resolve("renamed")).equals("content"), one);
        Ran none = postern(null, "cp", WEB + ":/tmp/none", back.toString());
        expect(none.exit() == 1 && none.errors().startsWith("postern: "), none);
        return "a folder there and back, a file, a refusal";
    }

    private String terminal() throws IOException, InterruptedException {
        window("exec", "exec -it " + WEB + " -- sh");
        tmux.answered("exec", "echo it-is-$((6*7))", text -> text.contains("it-is-42"));
        tmux.answered("exec", "clear; echo size-$(stty size | tr ' ' x)", text -> text.contains("size-30x90"));
        tmux.resize("exec", 100, 35);
        tmux.answered("exec", "clear; echo size-$(stty size | tr ' ' x)", text -> text.contains("size-35x100"));
        tmux.answered("exec", "x=kept; clear; echo set-$((1+1))", text -> text.contains("set-2"));
        world.badLine().cut();
        tmux.answered("exec", "clear; echo still-$x", text -> text.contains("still-kept"));
        tmux.line("exec", "exit 9");
        tmux.shows("exec", "the exit code", text -> text.contains("ended-9"));
        tmux.shows("exec", "a terminal that echoes again", text -> text.contains("echo-on"));
        return "size, resize, cut, exit 9, terminal restored";
    }

    /** A recording that asks the terminal where its cursor is: the answer reaches no shell. */
    private String play() throws IOException, InterruptedException {
        Path cast = folder.resolve("asks.cast");
        Files.writeString(cast, """
                {"version":3,"term":{"cols":80,"rows":24}}
                [0.1,"o","asking \\u001b[6n\\u001b[c"]
                [0.1,"o","asked-all\\r\\n"]
                """);
        window("play", "recordings play " + cast);
        tmux.shows("play", "the end", text -> text.contains("ended-0") && text.contains("echo-on"));
        String shown = tmux.screen("play");
        if (!shown.contains("asked-all") || shown.contains("^[") || shown.contains("[?")) {
            throw new Failed("the terminal's answer was typed: " + shown.strip());
        }
        return "what the terminal answers is dropped";
    }

    private String attach() throws IOException, InterruptedException {
        window("attach", "attach " + WEB);
        tmux.answered("attach", "clear; echo seen-$((40+2))", text -> text.contains("seen-42"));
        window("observe", "attach --observe " + WEB);
        tmux.answered("attach", "clear; echo both-$((40+3))", text -> text.contains("both-43"));
        tmux.shows("observe", "what the other one types", text -> text.contains("both-43"));
        tmux.line("observe", "echo intruder");
        tmux.text("observe", "~.");
        tmux.shows("observe", "the observer's leave", text -> text.contains("ended-0"));
        tmux.press("attach", "C-p");
        tmux.press("attach", "C-q");
        tmux.shows("attach", "the leave", text -> text.contains("ended-0"));
        String shown = tmux.screen("attach");
        if (shown.contains("intruder")) {
            throw new Failed("an observer typed: " + shown);
        }
        Ran running = postern(null, "exec", WEB, "--", "true");
        expect(running.exit() == 0, running);
        tmux.close();
        return "detach keys, ~., an observer that cannot type";
    }

    private record Ran(int exit, Path out, Path err) {
        String output() throws IOException {
            return Files.readString(out);
        }

        String errors() throws IOException {
            return Files.readString(err);
        }
    }

    private static void expect(boolean holds, Ran ran) throws IOException {
        if (!holds) {
            String output = Files.size(ran.out()) > 2000 ? Files.size(ran.out()) + " bytes" : ran.output();
            throw new Failed("exit " + ran.exit() + ", output " + output + ", errors " + ran.errors());
        }
    }

    private Ran postern(@org.jspecify.annotations.Nullable Path input, String... words)
            throws IOException, InterruptedException {
        return ended(start(input, words));
    }

    /** Its output is the caller's to read. */
    private Process reading(String... words) throws IOException {
        runs++;
        List<String> command = new ArrayList<>(postern);
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(folder.resolve(runs + ".err").toFile());
        builder.environment().putAll(environment());
        Files.createFile(outputs());
        return builder.start();
    }

    private Process start(@org.jspecify.annotations.Nullable Path input, String... words) throws IOException {
        runs++;
        List<String> command = new ArrayList<>(postern);
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(input == null ? new File("/dev/null") : input.toFile())
                .redirectOutput(outputs().toFile())
                .redirectError(folder.resolve(runs + ".err").toFile());
        builder.environment().putAll(environment());
        return builder.start();
    }

    private Path outputs() {
        return folder.resolve(runs + ".out");
    }

    private Map<String, String> environment() {
        return Map.of("POSTERN_PROFILE", folder.resolve("profile.json").toString());
    }

    private Ran ended(Process process) throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new Failed("run " + runs + " of the command line does not end, see " + folder);
        }
        return new Ran(process.exitValue(), outputs(), folder.resolve(runs + ".err"));
    }

    private static String hash(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void window(String name, String words) throws IOException, InterruptedException {
        tmux.open(
                name,
                "POSTERN_PROFILE=" + folder.resolve("profile.json") + " " + String.join(" ", postern) + " " + words
                        + "; echo ended-$?; stty -a | grep -q -w -e '-echo' || echo echo-on; sleep 600");
    }

    @Override
    public void close() throws IOException {
        tmux.close();
    }
}
