package io.postern.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Runs cells, prints one line each ({@code ok|FAIL|skip name seconds}) and keeps the counts. Cells of one thread run one after
 * another; several threads may run theirs at the same time.
 */
final class Report {
    private final Predicate<String> chosen;
    private final long deadline;
    private final boolean ci;
    private final List<String> failures = new ArrayList<>();
    private final List<String> flakes = new ArrayList<>();
    private int passed;
    private int skipped;

    /** What a cell does; it fails by throwing. The text is printed behind its line. */
    @FunctionalInterface
    interface Body {
        String run() throws Exception;
    }

    /**
     * Makes what cells stand on.
     *
     * @param <T> what is made; its owner ends it
     */
    @FunctionalInterface
    interface Making<T> {
        /** @param attempt from 1; what an earlier one has left may still lie about */
        T make(int attempt) throws Exception;
    }

    /** @param ci is the machine shared with others, and must nothing be skipped for want of a tool? */
    Report(Predicate<String> chosen, Duration overall, boolean ci) {
        this.chosen = chosen;
        this.ci = ci;
        this.deadline = System.nanoTime() + overall.toNanos();
    }

    boolean wants(String name) {
        return chosen.test(name);
    }

    /** Runs a chosen cell. Whether it holds (not chosen counts as holding). */
    boolean cell(String name, Body body) {
        if (!chosen.test(name)) {
            return true;
        }
        long began = System.nanoTime();
        try {
            passed(name, began, tried(name, began, attempt -> body.run()));
            return true;
        } catch (Exception e) {
            failed(name, began, e);
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return false;
        }
    }

    /** A cell that others need: it runs whether it is chosen or not. Whether it holds. */
    boolean needed(String name, Body body) {
        return wants(name) ? cell(name, body) : groundwork(name, body);
    }

    /** What cells stand on: told, and counted, only when it fails. Whether it holds. */
    boolean groundwork(String name, Body body) {
        try {
            body.run();
            return true;
        } catch (Exception e) {
            return mandatory(name, e);
        }
    }

    /** A network that cells stand on: it gets a second try as they do. */
    <T> T made(String name, Making<T> making) throws Exception {
        return tried(name, System.nanoTime(), making);
    }

    /** In CI, which shares its machine with others, a cell that fails gets a second try and is told of as a flake. */
    private <T> T tried(String name, long began, Making<T> body) throws Exception {
        if (began > deadline) {
            throw new Failed("the overall deadline passed before");
        }
        try {
            return body.make(1);
        } catch (Failed | IOException e) {
            if (!ci || System.nanoTime() > deadline) {
                throw e;
            }
            line("FAIL", name, began, "once, tried again: " + words(e));
        }
        T made = body.make(2);
        flaked(name);
        return made;
    }

    private synchronized void flaked(String name) {
        flakes.add(name);
    }

    private static String words(Exception e) {
        return e instanceof Failed ? e.getMessage() : e.toString();
    }

    /** Something that chosen cells stand on failed: told and counted although it was not chosen. Always false. */
    boolean mandatory(String name, Exception e) {
        failed(name, System.nanoTime(), e);
        return false;
    }

    private synchronized void passed(String name, long began, String note) {
        passed++;
        line("ok  ", name, began, note);
    }

    private synchronized void failed(String name, long began, Exception e) {
        failures.add(name);
        line("FAIL", name, began, words(e));
        if (e instanceof RuntimeException && !(e instanceof Failed)) {
            e.printStackTrace(); // a fault of the lanes' own
        }
    }

    synchronized void skip(String name, String why) {
        if (chosen.test(name)) {
            skipped++;
            line("skip", name, System.nanoTime(), why);
        }
    }

    /** A lane without its toolchain: skipped on a laptop, a failure in CI. */
    void unavailable(String name, String why) {
        if (ci) {
            cell(name, () -> {
                throw new Failed(why);
            });
        } else {
            skip(name, why);
        }
    }

    private static void line(String outcome, String name, long began, String note) {
        double seconds = (System.nanoTime() - began) / 1e9;
        // whole lines: several threads print theirs
        System.out.println(String.format(Locale.ROOT, "%s %-34s %6.1f  %s", outcome, name, seconds, note));
    }

    /** What held at its second try. */
    synchronized List<String> flakes() {
        return List.copyOf(flakes);
    }

    /** Prints the summary line; whether all held. A choice that no cell answers to holds nothing. */
    synchronized boolean summary() {
        if (passed + skipped + failures.size() == 0) {
            failures.add("no-cell-of-that-name");
        }
        if (!flakes.isEmpty()) {
            System.out.println("flakes: " + String.join(" ", flakes));
        }
        if (!failures.isEmpty()) {
            System.out.println("failed: " + String.join(" ", failures));
        }
        System.out.println(passed + " passed, " + failures.size() + " failed, " + skipped + " skipped");
        return failures.isEmpty();
    }
}
