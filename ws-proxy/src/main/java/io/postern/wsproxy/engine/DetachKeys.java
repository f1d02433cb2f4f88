package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;

/**
 * A sequence of keys that leaves a terminal and lets its process run on.
 *
 * @param text in the engines' notation: single characters or {@code ctrl-} and one of {@code a-z @ [ \ ] ^ _}, with commas
 */
public record DetachKeys(String text, String bytes) {
    /** @throws IllegalArgumentException when engines would not take it */
    public static DetachKeys parse(String text) {
        ByteArrayOutputStream codes = new ByteArrayOutputStream();
        for (String key : text.split(",", -1)) {
            codes.write(code(key));
        }
        return new DetachKeys(text, codes.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private static int code(String key) {
        if (key.length() == 1 && key.charAt(0) < 0x80) {
            return key.charAt(0);
        }
        if (key.matches("ctrl-[a-z@\\[\\\\\\]^_]")) {
            return key.charAt(5) & 0x1F;
        }
        throw new IllegalArgumentException(
                "'" + key + "' is no key: one character, or ctrl- and one of a-z @ [ \\ ] ^ _");
    }

    /** Looks for the sequence in what one client types, however it is cut. Keeps nothing back. */
    public final class Watch {
        private int matched;

        /** How many of these bytes may pass: all, or those before the last key of the sequence. */
        public int passes(ByteBuf typed) {
            int from = typed.readerIndex();
            for (int i = from; i < typed.writerIndex(); i++) {
                char key = (char) (typed.getByte(i) & 0xFF);
                matched = key == bytes.charAt(matched) ? matched + 1 : key == bytes.charAt(0) ? 1 : 0;
                if (matched == bytes.length()) {
                    matched = 0;
                    return i - from;
                }
            }
            return typed.readableBytes();
        }
    }

    public Watch watch() {
        return new Watch();
    }

    @Override
    public String toString() {
        return text;
    }
}
