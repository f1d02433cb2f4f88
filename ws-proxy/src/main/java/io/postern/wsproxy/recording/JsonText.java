package io.postern.wsproxy.recording;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that come in pieces, as the inside of a JSON string: UTF-8 stays as it is, a character that is cut waits for its rest,
 * what is none becomes U+FFFD as the platform's decoder has it, and what JSON asks for is escaped. One thread at a time.
 */
final class JsonText {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /** What an ASCII byte is written as when it is not itself: up to 6 bytes, and in the highest one how many. */
    private static final long[] ESCAPES = escapes();

    private static final long NO_CHARACTER = packed("\uFFFD");

    /** The begin of a character. */
    private ByteBuffer cut = NOTHING;

    private static long[] escapes() {
        long[] escapes = new long[0x80];
        for (int value = 0; value < ' '; value++) {
            escapes[value] = packed(String.format("\\u%04X", value));
        }
        String named = "\"\"\\\\b\bf\fn\nr\rt\t";
        for (int i = 0; i < named.length(); i += 2) {
            escapes[named.charAt(i + 1)] = packed("\\" + named.charAt(i));
        }
        return escapes;
    }

    private static long packed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] eight = Arrays.copyOf(bytes, Long.BYTES);
        eight[Long.BYTES - 1] = (byte) bytes.length;
        return (long) LONG.get(eight, 0);
    }

    /** Leaves the buffer's position alone. */
    void add(ByteBuffer bytes, Page out) {
        ByteBuffer in = bytes;
        if (cut.hasRemaining()) {
            in = ByteBuffer.allocate(cut.remaining() + bytes.remaining())
                    .put(cut)
                    .put(bytes.duplicate())
                    .flip();
            cut = NOTHING;
        }
        byte[] to = out.room(Long.BYTES * in.remaining());
        int at = in.position();
        int end = in.limit();
        int written = out.length();
        while (at < end) {
            int value = in.get(at);
            if (value >= ' ' && value != '"' && value != '\\') {
                to[written++] = (byte) value;
                at++;
            } else if (value >= 0) {
                written = write(ESCAPES[value], to, written);
                at++;
            } else {
                int size = Utf8.size(in, at);
                if (size == 0) {
                    cut = ByteBuffer.allocate(end - at)
                            .put(in.slice(at, end - at))
                            .flip();
                    break;
                }
                if (size < 0) {
                    written = write(NO_CHARACTER, to, written);
                } else {
                    in.get(at, to, written, size);
                    written += size;
                }
                at += Math.abs(size);
            }
        }
        out.cut(written);
    }

    /** Nothing more comes: the begin of a character is none. */
    void end(Page out) {
        if (cut.hasRemaining()) {
            cut = NOTHING;
            out.cut(write(NO_CHARACTER, out.room(Long.BYTES), out.length()));
        }
    }

    /** In one go, which needs room for all eight bytes. */
    private static int write(long packed, byte[] to, int at) {
        LONG.set(to, at, packed);
        return at + (int) (packed >>> 56);
    }
}
