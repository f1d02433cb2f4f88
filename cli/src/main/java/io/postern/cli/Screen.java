package io.postern.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a terminal may be shown of texts that others chose, and how many of its columns they take. */
public final class Screen {
    private static final char INSTEAD = '\uFFFD';
    private static final int JOINER = 0x200D;
    private static final int NON_JOINER = 0x200C;
    /** First and last code points that take two columns. Source: Unicode's EastAsianWidth.txt, W and F, by block. */
    private static final int[] WIDE = {
        0x1100, 0x115F, 0x2E80, 0x303E, 0x3041, 0x4DBF, 0x4E00, 0xA4CF, 0xA960, 0xA97C, 0xAC00, 0xD7A3, 0xF900, 0xFAFF,
        0xFE30, 0xFE6F, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x1F300, 0x1F64F, 0x1F680, 0x1F6FF, 0x1F900, 0x1FAFF, 0x20000,
        0x3FFFD
    };

    private Screen() {}

    /** On one line, and without what would steer a terminal or turn the direction of writing. */
    public static String line(String text) {
        return shown(text, false);
    }

    /** Likewise, on as many lines as it has. */
    static String lines(String text) {
        return shown(text, true);
    }

    private static String shown(String text, boolean breaks) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> shown.appendCodePoint(isHarmless(c) || breaks && c == '\n' ? c : INSTEAD));
        return shown.toString();
    }

    /** A document of JSON or YAML in which such characters are in quotes only, with their escapes, which are read as the same. */
    static String escaped(String document) {
        StringBuilder escaped = new StringBuilder();
        document.codePoints().forEach(c -> {
            if (c == '\n' || isHarmless(c) || Character.isSupplementaryCodePoint(c)) {
                escaped.appendCodePoint(c);
            } else {
                escaped.append(String.format("\\u%04x", c));
            }
        });
        return escaped.toString();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            case Character.FORMAT -> c == JOINER || c == NON_JOINER;
            default -> true;
        };
    }

    /** Columns of a terminal. */
    static int width(String text) {
        return text.codePoints().map(Screen::width).sum();
    }

    private static int width(int c) {
        switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {
                return 0;
            }
            default -> {
                for (int i = 0; i < WIDE.length; i += 2) {
                    if (c >= WIDE[i] && c <= WIDE[i + 1]) {
                        return 2;
                    }
                }
                return 1;
            }
        }
    }

    /** Cut to so many columns, which is seen. */
    static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int left = columns - 1;
        for (int c : text.codePoints().toArray()) {
            left -= width(c);
            if (left < 0) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return kept.append('…').toString();
    }

    /** With blanks up to so many columns. */
    static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    /** Does somebody look at what is printed, or does a program read it? */
    static boolean isTerminal() {
        try {
            String output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return output.startsWith("/dev/pts/") || output.startsWith("/dev/tty") || output.equals("/dev/console");
        } catch (IOException e) { // another system than Linux
            return System.console() != null;
        }
    }
}
