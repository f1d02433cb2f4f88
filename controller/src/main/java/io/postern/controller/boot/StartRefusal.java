package io.postern.controller.boot;

import io.quarkus.runtime.PreventFurtherStepsException;
import org.jspecify.annotations.Nullable;

/**
 * Why a start cannot go on, where an operator can mend it: one sentence on the error output, no stack trace, and an exit code
 * by which whoever supervises the process tells what helps from what does not. Any other failure is 1.
 */
public enum StartRefusal {
    /** A setting that cannot be kept. */
    SETTING(2),
    /** No database answers, or it does not let this program in or work. */
    DATABASE(4),
    /** A file cannot be read, or holds something else: the sealing key, a given authority. */
    FILE(5),
    /** The database was migrated by another program than this one: starting again does not help. */
    SCHEMA(6),
    /** It cannot listen where it is told to. */
    ADDRESS(7);

    private final int exitCode;

    StartRefusal(int exitCode) {
        this.exitCode = exitCode;
    }

    /**
     * To be thrown while Quarkus starts; it then shuts down in order, and prints what the cause says. By itself that cause
     * would mean a start that is done.
     */
    public RuntimeException because(@Nullable String sentence) {
        return new IllegalStateException(sentence, new PreventFurtherStepsException(line(sentence), exitCode));
    }

    /** Ends the process, before Quarkus runs. */
    void end(@Nullable String sentence) {
        System.err.println(line(sentence));
        System.exit(exitCode);
    }

    private static String line(@Nullable String sentence) {
        return "postern: " + sentence;
    }
}
