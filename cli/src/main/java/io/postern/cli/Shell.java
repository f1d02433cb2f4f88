package io.postern.cli;

import java.util.regex.Pattern;

/** Commands that people copy from what is printed. */
public final class Shell {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:+=-]+");

    private Shell() {}

    /** One word of a POSIX shell's command line, quoted where it would be read as something else. */
    public static String word(String text) {
        return PLAIN.matcher(text).matches() ? text : quoted(text);
    }

    /** Likewise, in quotes in any case. */
    public static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
