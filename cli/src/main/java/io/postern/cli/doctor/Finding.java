package io.postern.cli.doctor;

/**
 * What a check found.
 *
 * @param check short name of what was looked at
 * @param what the state of it, in words
 * @param mend a command, or what to do; empty where nothing has to be
 */
record Finding(String check, Verdict verdict, String what, String mend) {
    /** From best to worst. */
    enum Verdict {
        WELL,
        SKIPPED,
        WARNING,
        ILL
    }

    static Finding well(String check, String what) {
        return new Finding(check, Verdict.WELL, what, "");
    }

    static Finding skipped(String check, String why) {
        return new Finding(check, Verdict.SKIPPED, why, "");
    }

    static Finding warning(String check, String what, String mend) {
        return new Finding(check, Verdict.WARNING, what, mend);
    }

    static Finding ill(String check, String what, String mend) {
        return new Finding(check, Verdict.ILL, what, mend);
    }
}
