package io.postern.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Terminals in a tmux server of its own. Each session has one window; the server ends with the last, or when it is closed. */
final class Tmux implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/tmux");
    /** How long an answer may take before the line is typed again. */
    private static final Duration ANSWER = Duration.ofSeconds(4);

    private final Path socket;
    private final int columns;
    private final int rows;
    private final Duration patience;

    /** @param columns of new windows, as {@code rows} */
    Tmux(Path socket, int columns, int rows, Duration patience) {
        this.socket = socket;
        this.columns = columns;
        this.rows = rows;
        this.patience = patience;
    }

    static boolean isHere() {
        return Files.isExecutable(PROGRAM);
    }

    void open(String session, String shellCommand) throws IOException, InterruptedException {
        String width = Integer.toString(columns);
        String height = Integer.toString(rows);
        String said = run(
                "-f", "/dev/null", "-u", "new-session", "-d", "-s", session, "-x", width, "-y", height, shellCommand);
        if (!said.isEmpty()) {
            throw new Failed("tmux: " + said.strip());
        }
        // a server whose last session ends goes away, and would take the next cell's window with it
        run("set-option", "-s", "exit-empty", "off");
        run("set-option", "-g", "status", "off");
        resize(session, columns, rows);
    }

    void resize(String session, int newColumns, int newRows) throws IOException, InterruptedException {
        run("resize-window", "-t", session, "-x", Integer.toString(newColumns), "-y", Integer.toString(newRows));
    }

    /** Keys by their names, as in {@code C-p} and {@code Enter}. */
    void press(String session, String... keys) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("send-keys", "-t", session));
        words.addAll(List.of(keys));
        run(words.toArray(String[]::new));
    }

    /** Text as it is, without a line end. */
    void text(String session, String text) throws IOException, InterruptedException {
        press(session, "-l", text);
    }

    void line(String session, String text) throws IOException, InterruptedException {
        text(session, text);
        press(session, "Enter");
    }

    /** Types a line until the screen shows what it should: who answers may not be there yet, and a size comes late. */
    void answered(String session, String line, Predicate<String> fits) throws IOException, InterruptedException {
        Await.that(session + ": an answer to '" + line + "'", patience).succeeds(() -> {
            line(session, line);
            return Await.that("it", ANSWER).until(() -> screen(session), fits);
        });
    }

    void shows(String session, String what, Predicate<String> fits) throws IOException, InterruptedException {
        Await.that(session + ": " + what + " on the screen", patience).until(() -> screen(session), fits);
    }

    String screen(String session) throws IOException, InterruptedException {
        return run("capture-pane", "-p", "-t", session);
    }

    void end(String session) throws IOException, InterruptedException {
        run("kill-session", "-t", session);
    }

    private String run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "-S", socket.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().remove("TMUX");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(socket)) {
            try {
                run("kill-server");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
