package io.postern.cli.console;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * The terminal of this process, raw or deaf while this is open. A small shell beside us holds the old settings and puts them back
 * when we close, and as well when we are gone without closing: killed or crashed.
 */
final class Terminal implements AutoCloseable {
    private static final ProcessBuilder.Redirect TTY =
            ProcessBuilder.Redirect.from(Path.of("/dev/tty").toFile());
    private static final String GUARD =
            "trap '' INT TERM HUP QUIT TSTP; read -r line; stty \"$0\" </dev/tty 2>/dev/null";

    private final Process guard;

    private Terminal(Process guard) {
        this.guard = guard;
    }

    /**
     * Whether standard input and output are terminals.
     */
    record Ends(boolean input, boolean output) {
        /** Is there a terminal whose size matters? */
        boolean any() {
            return input || output;
        }

        static Ends now() throws IOException, InterruptedException {
            Process test = new ProcessBuilder("sh", "-c", "n=0; [ -t 0 ] && n=1; [ -t 1 ] && n=$((n+2)); exit $n")
                    .inheritIO()
                    .start();
            int bits = test.waitFor();
            return new Ends((bits & 1) != 0, (bits & 2) != 0);
        }
    }

    /** Makes the terminal raw: every key is passed on as it is, none is shown here. */
    static Terminal raw() throws IOException, InterruptedException {
        return set("raw", "-echo");
    }

    /**
     * Takes what is typed, and what the terminal itself says, and drops it: an answer to a question in what is shown would be
     * typed into the user's shell later. Ctrl-C works.
     */
    static Terminal deaf() throws IOException, InterruptedException {
        Terminal terminal = set("-icanon", "-echo");
        Thread.ofPlatform().daemon().name("input").start(() -> {
            try (InputStream in = new FileInputStream(FileDescriptor.in)) {
                byte[] piece = new byte[1024];
                while (in.read(piece) >= 0) {
                    // nobody wants it
                }
            } catch (IOException e) {
                // the terminal is gone
            }
        });
        return terminal;
    }

    private static Terminal set(String... settings) throws IOException, InterruptedException {
        String saved = stty("-g").orElseThrow(() -> new IOException("this terminal's settings cannot be read (stty)"));
        Process guard = new ProcessBuilder("sh", "-c", GUARD, saved)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Terminal terminal = new Terminal(guard);
        Runtime.getRuntime().addShutdownHook(new Thread(terminal::close, "terminal"));
        if (stty(settings).isEmpty()) {
            terminal.close();
            throw new IOException("this terminal's settings cannot be changed (stty)");
        }
        return terminal;
    }

    /** Columns and rows, if the terminal knows them. */
    static Optional<int[]> size() throws InterruptedException {
        try {
            String[] parts = stty("size").orElse("").split(" ");
            int rows = Integer.parseInt(parts[0]);
            int columns = Integer.parseInt(parts[1]);
            return rows > 0 && columns > 0 ? Optional.of(new int[] {columns, rows}) : Optional.empty();
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** Calls back on every change of the size, at most ten times a second, on a thread of its own. */
    static void onResize(Runnable changed) {
        Object bell = new Object();
        boolean[] rung = {false};
        Thread.ofPlatform().daemon().name("resize").start(() -> {
            try {
                while (true) {
                    synchronized (bell) {
                        while (!rung[0]) {
                            bell.wait();
                        }
                        rung[0] = false;
                    }
                    changed.run();
                    Thread.sleep(100);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Signal.handle(new Signal("WINCH"), signal -> {
            synchronized (bell) {
                rung[0] = true;
                bell.notifyAll();
            }
        });
    }

    private static Optional<String> stty(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process stty = new ProcessBuilder(command)
                .redirectInput(TTY)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(stty.getInputStream().readNBytes(4096), StandardCharsets.UTF_8).strip();
        return stty.waitFor() == 0 ? Optional.of(said) : Optional.empty();
    }

    /** Puts the settings back. */
    @Override
    public void close() {
        try {
            guard.getOutputStream().close();
            guard.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            // It has gone, and has done its work.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
