package io.postern.cli;

import java.io.PrintStream;
import java.time.Duration;

/**
 * Says on a terminal that something is being waited for, once that takes over a second, and takes the words back before
 * anything else is printed. Any thread.
 */
final class Progress implements AutoCloseable {
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final String ERASE = "\r\033[K";

    private final PrintStream terminal;
    private final String what;
    private final long begin = System.nanoTime();
    private boolean shown;
    private boolean over;

    private Progress(PrintStream terminal, String what) {
        this.terminal = terminal;
        this.what = what;
    }

    /** Begins to wait. */
    static Progress on(PrintStream terminal, String what) {
        Progress progress = new Progress(terminal, what);
        Thread.ofVirtual().name("progress").start(progress::tell);
        return progress;
    }

    private void tell() {
        try {
            Thread.sleep(QUIET);
            while (show()) {
                Thread.sleep(BETWEEN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean show() {
        if (over) {
            return false;
        }
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        terminal.print(ERASE + "postern: " + what + ", " + seconds + " s");
        terminal.flush();
        shown = true;
        return true;
    }

    /** Ends the waiting. */
    @Override
    public synchronized void close() {
        over = true;
        if (shown) {
            terminal.print(ERASE);
            terminal.flush();
            shown = false;
        }
    }
}
