package io.postern.wsproxy.recording;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes on their way into recordings, gathered in one array that is used again: growing costs more than writing. One thread at a time. */
final class Page {
    private byte[] bytes;
    private int length;

    Page(int room) {
        bytes = new byte[room];
    }

    /** Good until more is put; only the first {@link #length} bytes count. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Forgets what is behind the first {@code most} bytes. */
    void cut(int most) {
        length = most;
    }

    /** The array, with room for {@code more} bytes behind {@link #length}; whoever writes them tells so by {@link #cut}. */
    byte[] room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
        return bytes;
    }

    void put(String text) {
        byte[] more = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(more, 0, room(more.length), length, more.length);
        length += more.length;
    }
}
