package io.postern.cli;

import java.util.Arrays;
import java.util.List;

/** Every exit code there is; {@code docs/cli.md} says the same. */
enum ExitCode {
    DONE(0, "done; of 'policy advice': it can be reached; of 'doctor': nothing is ill"),
    REFUSED(Failure.REFUSED, "the controller refused, or what was asked for does not exist or does not hold"),
    USAGE(Failure.USAGE, "wrong command line"),
    NOT_LOGGED_IN(Failure.NOT_LOGGED_IN, "not logged in, or the login is not valid any more; of ./postern: no JDK"),
    UNREACHABLE(
            Failure.UNREACHABLE,
            "the controller cannot be reached, or its certificate is not trusted; of ./postern: the build failed"),
    FILE(Failure.FILE, "a file cannot be read or written, or holds something else"),
    CONSOLE(125, "attach and exec: the console could not be had, or was lost; else they end as what they ran did"),
    INTERRUPTED(130, "Ctrl-C ended it; what it had made or hosted is taken away"),
    UNREAD(141, "whoever read its output has gone, as after '| head -1'"),
    TERMINATED(143, "SIGTERM ended it, likewise");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    String meaning() {
        return meaning;
    }

    static List<String> lines() {
        return Arrays.stream(values())
                .map(each -> "%5d  %s".formatted(each.code, each.meaning))
                .toList();
    }
}
