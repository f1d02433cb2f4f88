package io.postern.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Lane {@code commands}, with terminals in tmux: what is raw, what is typed, which size, what a terminal is left as. */
final class TerminalCells implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String WEB = ConsoleWorld.HOST + "/web";

    private final ConsoleWorld world;
    private final Report report;
    private final List<String> postern;
    private final Path folder;
    private final Tmux tmux;

    /**
     * @param postern the command line
     * @param folder with {@code profile.json}, a login; recordings and tmux' socket go there too
     */
    TerminalCells(ConsoleWorld world, Report report, List<String> postern, Path folder) {
        this.world = world;
        this.report = report;
        this.postern = postern;
        this.folder = folder;
        this.tmux = new Tmux(folder.resolve("tmux"), 90, 30, PATIENCE);
    }

    void run() {
        if (!Tmux.isHere()) {
            report.unavailable("commands/terminal", "no tmux");
            return;
        }
        report.cell("commands/terminal", this::terminal);
        report.cell("commands/terminal-shown", this::shown);
        report.cell("commands/terminal-piped", this::piped);
        report.cell("commands/terminal-not-asked-for", this::plain);
        report.cell("commands/play", this::play);
        report.cell("commands/attach", this::attach);
    }

    /** {@code -t} alone: as large as ours, nothing is typed, and Ctrl-C is ours. */
    private String shown() throws IOException, InterruptedException {
        String sizes = "while :; do clear; echo size-$(stty size | tr \" \" x); sleep 0.3; done";
        window("shown", "exec -t " + WEB + " sh -c '" + sizes + "'");
        tmux.shows("shown", "its size", text -> text.contains("size-30x90"));
        tmux.resize("shown", 100, 35);
        tmux.shows("shown", "its new size", text -> text.contains("size-35x100"));
        tmux.press("shown", "C-c");
        tmux.shows("shown", "the end", text -> text.contains("ended-130") && text.contains("echo-on"));
        Await.that("the end of the command", PATIENCE)
                .until(() -> world.engine().docker("exec", "web", "ps"), all -> !all.contains("stty size"));
        window("read", "exec -t " + WEB + " sh -c 'echo reads; read -t 3 x; echo \"got-[$x]\"; exit 5'");
        tmux.shows("read", "the question", text -> text.contains("reads"));
        tmux.line("read", "typed");
        tmux.shows("read", "the end", text -> text.contains("ended-5") && text.contains("echo-on"));
        if (!tmux.screen("read").contains("got-[]")) {
            throw new Failed(
                    "without -i something was typed: " + tmux.screen("read").strip());
        }
        return "size, resize, nothing typed, exit 5, Ctrl-C";
    }

    /** {@code -it} with the output elsewhere: the keys are the command's all the same. */
    private String piped() throws IOException, InterruptedException {
        window("piped", "exec -it " + WEB + " sh | cat");
        tmux.answered("piped", "echo it-is-$((6*7)) on $(stty size)", text -> text.contains("it-is-42 on 30 90"));
        tmux.line("piped", "exit");
        tmux.shows("piped", "the end", text -> text.contains("ended-0") && text.contains("echo-on"));
        return "raw, sized";
    }

    /** {@code -i} alone, and neither: the local terminal edits lines, Ctrl-D ends the input, without {@code -i} there is none. */
    private String plain() throws IOException, InterruptedException {
        window("lines", "exec -i " + WEB + " sh -c 'tty; cat; exit 4'");
        tmux.shows("lines", "that it is no terminal", text -> text.contains("not a tty"));
        tmux.line("lines", "hello");
        tmux.shows("lines", "the line and its echo", text -> text.split("hello", -1).length == 3);
        tmux.press("lines", "C-d");
        tmux.shows("lines", "the end", text -> text.contains("ended-4") && text.contains("echo-on"));
        window("interrupt", "exec -i " + WEB + " sh -c 'echo waits; cat'");
        tmux.shows("interrupt", "the beginning", text -> text.contains("waits"));
        tmux.press("interrupt", "C-c");
        tmux.shows("interrupt", "the end", text -> text.contains("ended-130"));
        window("none", "exec " + WEB + " cat");
        tmux.shows("none", "the end", text -> text.contains("ended-0"));
        return "lines, Ctrl-D, Ctrl-C, no input";
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
        if (!world.engine().docker("inspect", "-f", "{{.State.Running}}", "web").equals("true")) {
            throw new Failed("the main process ended when its viewers left");
        }
        return "detach keys, ~., an observer that cannot type";
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
