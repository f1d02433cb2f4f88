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

/** Lane {@code commands}: our own command line into a container, over a line that breaks. */
final class CommandCells implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int STALL = 45;
    private static final int BULK = 64 * 1024 * 1024;
    private static final String WEB = ConsoleWorld.HOST + "/web";

    private final ConsoleWorld world;
    private final Report report;
    private final Path folder;
    private final List<String> postern;
    private final TerminalCells terminals;
    private int runs;

    CommandCells(ConsoleWorld world, Report report, Path root, Path work) throws IOException {
        this.world = world;
        this.report = report;
        this.folder = Files.createDirectories(work.resolve("commands"));
        this.postern = Verbs.command(root);
        this.terminals = new TerminalCells(world, report, postern, folder);
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
        report.cell("commands/words", this::words);
        report.cell("commands/streams", this::streams);
        report.cell("commands/pipe-64-mib", this::pipe);
        report.cell("commands/stalls", this::stalls);
        report.cell("commands/cut", this::cut);
        report.cell("commands/cp", this::copies);
        terminals.run();
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

    /** What of the line is the command's, and what is too long or too secret for an address. */
    private String words() throws IOException, InterruptedException {
        Ran options = postern(null, "exec", WEB, "ls", "-d", "-1", "/bin");
        expect(options.exit() == 0 && options.output().equals("/bin\n"), options);
        Ran shown =
                postern(null, "exec", "-e", "WORD=a secret", "-w", "/tmp", WEB, "sh", "-c", "echo $WORD $PWD; exit 3");
        expect(shown.exit() == 3 && shown.output().equals("a secret /tmp\n"), shown);
        Ran refused = postern(null, "exec", "-e", "WORD=a", "-u", "app", WEB, "true");
        expect(refused.exit() == 125 && refused.errors().contains("as app"), refused);
        String script = "echo " + "a b ".repeat(1900) + "| wc -w";
        Ran longest = postern(null, "exec", WEB, "sh", "-c", script);
        expect(longest.exit() == 0 && longest.output().equals("3800\n"), longest);
        return "options of the command, a variable, " + script.length() + " characters";
    }

    /** Streams that are closed, full, or not read. */
    private String streams() throws IOException, InterruptedException {
        Ran closed = shell("\"$0\" exec -i " + WEB + " wc -c <&-");
        expect(closed.exit() == 0 && closed.output().equals("0\n"), closed);
        Ran mute = shell("\"$0\" exec " + WEB + " echo >&-");
        expect(mute.exit() == 0, mute);
        Ran full = shell("\"$0\" exec " + WEB + " echo >/dev/full");
        expect(full.exit() == 125 && full.errors().contains("Standard output"), full);
        Ran enough = shell("{ \"$0\" exec " + WEB + " yes; echo $? >&2; } | head -n 1");
        expect(enough.output().equals("y\n") && enough.errors().equals("141\n"), enough);
        Ran half = shell("(echo a; exec >&-; sleep 2) | \"$0\" exec -i " + WEB + " cat");
        expect(half.exit() == 0 && half.output().equals("a\n"), half);
        Ran idle = shell("sleep 30 | { \"$0\" exec -i " + WEB + " true; kill $(pgrep -P $$ sleep); }");
        expect(idle.exit() == 0, idle);
        return "closed, full, not read, half closed";
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
        Files.writeString(file, "changed");
        Ran over = postern(null, "cp", file.toString(), "web:tmp/copied/deep/file");
        Ran changed = postern(null, "exec", WEB, "cat", "/tmp/copied/deep/file");
        expect(over.exit() == 0 && changed.output().equals("changed"), over);
        Ran none = postern(null, "cp", WEB + ":/tmp/none", back.toString());
        expect(none.exit() == 1 && none.errors().startsWith("postern: "), none);
        return "a folder there and back, a file, the same once more, a refusal";
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

    /** A line of a shell in which {@code $0} is our command line. */
    private Ran shell(String line) throws IOException, InterruptedException {
        return ended(started(null, List.of("sh", "-c", line, postern.getFirst())));
    }

    private Process start(@org.jspecify.annotations.Nullable Path input, String... words) throws IOException {
        List<String> command = new ArrayList<>(postern);
        command.addAll(List.of(words));
        return started(input, command);
    }

    private Process started(@org.jspecify.annotations.Nullable Path input, List<String> command) throws IOException {
        runs++;
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

    @Override
    public void close() throws IOException {
        terminals.close();
    }
}
