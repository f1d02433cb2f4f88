package io.postern.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Output on its way to the terminal or pipe: a queue that the other side's window bounds, and a thread that writes it and
 * tells how far it came. Thread-safe.
 */
final class Output {
    /** The signal of a pipe that nobody reads. */
    static final int PIPE = 13;

    private final OutputStream out;
    private final OutputStream err;
    private final Deque<Chunk> queue = new ArrayDeque<>();
    private long queued;
    private long position;
    private long repeats;
    private boolean finished;
    private boolean broken;

    private record Chunk(int channel, byte[] bytes, long end) {}

    Output(OutputStream out, OutputStream err) {
        this.out = out;
        this.err = err;
    }

    /** More than the window is only there when the other side does not keep to it. */
    synchronized boolean hasRoom(int window) {
        return broken || queued < 2L * window;
    }

    synchronized void add(int channel, byte[] bytes) {
        byte[] fresh = bytes;
        if (repeats > 0) {
            int skip = (int) Math.min(repeats, bytes.length);
            repeats -= skip;
            if (skip == bytes.length) {
                return;
            }
            fresh = java.util.Arrays.copyOfRange(bytes, skip, bytes.length);
        }
        position += fresh.length;
        queued += fresh.length;
        queue.add(new Chunk(channel, fresh, position));
        notifyAll();
    }

    /** The next byte has this position. */
    synchronized void skipTo(long next) {
        position = next;
    }

    /** So many bytes come again and are known. */
    synchronized void repeat(long bytes) {
        repeats = bytes;
    }

    /** Nothing more comes: {@link #run} ends when all is written. */
    synchronized void finish() {
        finished = true;
        notifyAll();
    }

    /** Writes until the end. */
    void run(ConsoleStream stream) {
        long told = 0;
        try {
            while (true) {
                Chunk chunk = take();
                if (chunk == null) {
                    return;
                }
                boolean error = chunk.channel() == 2;
                OutputStream to = error ? err : out;
                try {
                    to.write(chunk.bytes());
                } catch (IOException e) {
                    broke(stream, error, e);
                    return;
                }
                boolean idle;
                synchronized (this) {
                    queued -= chunk.bytes().length;
                    idle = queue.isEmpty();
                }
                if (idle || chunk.end() - told >= stream.window() / 4) {
                    told = chunk.end();
                    stream.written(told);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who reads no more ends us as a signal would, {@code | head -1} wants no word; what cannot be written is a fault. */
    private void broke(ConsoleStream stream, boolean error, IOException why) {
        synchronized (this) {
            broken = true;
            queue.clear();
        }
        String which = error ? "Standard error" : "Standard output";
        stream.leave(
                isUnread(why)
                        ? new Ending.Signalled(PIPE)
                        : new Ending.Lost(which + " cannot be written: " + why.getMessage() + "."));
    }

    /** Did a write fail because nobody reads any more? */
    static boolean isUnread(IOException why) {
        return "Broken pipe".equals(why.getMessage());
    }

    private synchronized @org.jspecify.annotations.Nullable Chunk take() throws InterruptedException {
        while (queue.isEmpty()) {
            if (finished) {
                return null;
            }
            wait();
        }
        return queue.remove();
    }
}
