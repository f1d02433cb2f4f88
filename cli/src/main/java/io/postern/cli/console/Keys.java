package io.postern.cli.console;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/**
 * Finds in typed bytes what is meant for us: {@code ~.} at the beginning of a line, and the detach keys. Pure: bytes that
 * may be the beginning of either are held back until the next ones come, or {@link #release} lets them go.
 */
final class Keys {
    /** What was asked for. */
    enum Wish {
        NOTHING,
        LEAVE,
        HELP
    }

    /** Where in a sequence of escape characters the last key was. */
    private enum Part {
        NONE,
        ESCAPE,
        CONTROL,
        STRING,
        STRING_ESCAPE
    }

    private static final int ESC = 0x1B;
    private static final int BELL = 7;
    /** What a terminal's own answers end with: where the cursor is, what it is, which modes and sizes, whether it has the focus. */
    private static final String ANSWERS = "RcnytIO";

    private final int escape;
    private final byte[] detach;
    private boolean lineStart = true;
    private boolean escaped;
    private int matched;
    private Part part = Part.NONE;
    private boolean before;

    /**
     * @param escape the escape character, or none for a negative one
     * @param detach the sequence, or none for an empty one
     */
    Keys(int escape, byte[] detach) {
        this.escape = escape;
        this.detach = detach.clone();
    }

    /** Reads {@code ctrl-p,ctrl-q}: letters, or ctrl- with a letter or one of @[\]^_; empty for none. */
    static byte[] sequence(String text) {
        if (text.isBlank()) {
            return new byte[0];
        }
        String[] keys = text.strip().split(",");
        byte[] bytes = new byte[keys.length];
        for (int i = 0; i < keys.length; i++) {
            String key = keys[i].strip();
            String named = key.toLowerCase(Locale.ROOT);
            if (named.startsWith("ctrl-") && named.length() == 6) {
                char symbol = Character.toUpperCase(named.charAt(5));
                if (symbol < '@' || symbol > '_') {
                    throw new IllegalArgumentException("'" + key + "' is no control key");
                }
                bytes[i] = (byte) (symbol - '@');
            } else if (key.length() == 1 && key.charAt(0) < 128) {
                bytes[i] = (byte) key.charAt(0);
            } else {
                throw new IllegalArgumentException("'" + key + "' is no key; one is a letter or ctrl-letter");
            }
        }
        return bytes;
    }

    /** Takes typed bytes and passes on those that are meant for the other side. What follows a wish is dropped. */
    Wish feed(byte[] typed, int length, ByteArrayOutputStream on) {
        for (int i = 0; i < length; i++) {
            Wish wish = feed(typed[i], on);
            if (wish != Wish.NOTHING) {
                return wish;
            }
        }
        return Wish.NOTHING;
    }

    private Wish feed(byte key, ByteArrayOutputStream on) {
        if (escaped) {
            escaped = false;
            if (key == '.') {
                return Wish.LEAVE;
            }
            if (key == '?') {
                return Wish.HELP;
            }
            if (key != escape) {
                on.write(escape);
            }
            pass(key, on);
            return Wish.NOTHING;
        }
        if (detach.length > 0) {
            if (key == detach[matched]) {
                matched++;
                if (matched == detach.length) {
                    matched = 0;
                    return Wish.LEAVE;
                }
                return Wish.NOTHING;
            }
            release(on);
            if (key == detach[0]) {
                matched = 1;
                return Wish.NOTHING;
            }
        }
        if (lineStart && key == escape) {
            escaped = true;
            return Wish.NOTHING;
        }
        pass(key, on);
        return Wish.NOTHING;
    }

    private void pass(byte key, ByteArrayOutputStream on) {
        on.write(key);
        lineStart = begins(key);
    }

    /** Is the next key the first of a line? What a terminal answers is not typed: shells ask it at every prompt. */
    private boolean begins(byte key) {
        if (key == '\r' || key == '\n') {
            part = Part.NONE;
            return true;
        }
        switch (part) {
            case NONE -> {
                before = lineStart;
                part = key == ESC ? Part.ESCAPE : Part.NONE;
            }
            case ESCAPE -> part = key == '[' ? Part.CONTROL : key == ']' || key == 'P' ? Part.STRING : Part.NONE;
            case CONTROL -> {
                if (key >= '@') {
                    part = Part.NONE;
                    return before && ANSWERS.indexOf(key) >= 0;
                }
            }
            case STRING -> {
                part = key == ESC ? Part.STRING_ESCAPE : key == BELL ? Part.NONE : Part.STRING;
                return before && key == BELL;
            }
            case STRING_ESCAPE -> {
                part = Part.NONE;
                return before && key == '\\';
            }
        }
        return false;
    }

    /** Lets go of keys that began the detach sequence and did not end it. */
    void release(ByteArrayOutputStream on) {
        for (int i = 0; i < matched; i++) {
            pass(detach[i], on);
        }
        matched = 0;
    }

    boolean holds() {
        return matched > 0;
    }
}
