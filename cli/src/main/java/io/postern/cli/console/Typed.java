package io.postern.cli.console;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Input that was typed and that the other side has not confirmed yet, by position. Bounded: whoever adds has to ask
 * {@link #full()} before. Confined to the stream that owns it.
 */
final class Typed {
    /** Enough for a long line; what a pipe brings faster waits in the pipe. */
    static final int MOST = 1024 * 1024;

    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private long base;
    private long end;
    private long sent;

    boolean full() {
        return end - base >= MOST;
    }

    void add(byte[] bytes) {
        chunks.add(bytes);
        end += bytes.length;
    }

    /** All before this position is known to be taken. */
    void taken(long position) {
        if (position > end) {
            throw new IllegalStateException("more input was taken than was typed: " + position + " of " + end);
        }
        while (!chunks.isEmpty() && base + chunks.peek().length <= position) {
            base += chunks.remove().length;
        }
        if (base < position) {
            byte[] head = chunks.remove();
            int gone = (int) (position - base);
            byte[] rest = java.util.Arrays.copyOfRange(head, gone, head.length);
            chunks.push(rest);
            base = position;
        }
        sent = Math.max(sent, base);
    }

    /** A new connection goes on here. False when what it needs was let go. */
    boolean resume(long position) {
        if (position < base || position > end) {
            return false;
        }
        taken(position);
        sent = position;
        return true;
    }

    /** The next bytes to send, or null when all were, or when as much as the window is on its way. */
    byte @Nullable [] next(int window) {
        long room = window - (sent - base);
        if (sent == end || room <= 0) {
            return null;
        }
        long at = base;
        for (byte[] chunk : chunks) {
            if (sent < at + chunk.length) {
                int from = (int) (sent - at);
                int to = (int) Math.min(chunk.length, from + room);
                sent = at + to;
                return from == 0 && to == chunk.length ? chunk : java.util.Arrays.copyOfRange(chunk, from, to);
            }
            at += chunk.length;
        }
        throw new IllegalStateException("lost count of input at " + sent + " of " + base + " to " + end);
    }

    boolean allSent() {
        return sent == end;
    }
}
