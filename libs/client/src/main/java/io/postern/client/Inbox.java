package io.postern.client;

import io.postern.wire.Frame;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Frames received for one connection and not read yet. The channel's loop puts, readers take. Above {@link #HIGH} bytes
 * the owner is told to hold the channel, below {@link #LOW} to let it go.
 */
final class Inbox {
    static final int HIGH = 4 * 1024 * 1024;
    static final int LOW = 1024 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Frame> frames = new ArrayDeque<>();
    private final Runnable hold;
    private final Runnable release;
    private long bytes;
    private boolean held;
    private boolean ended;
    private boolean discarded;
    private @Nullable IOException failure;

    Inbox(Runnable hold, Runnable release) {
        this.hold = hold;
        this.release = release;
    }

    /** Takes ownership. */
    void put(Frame frame) {
        lock.lock();
        try {
            if (ended || discarded || failure != null) {
                frame.release();
                return;
            }
            frames.add(frame);
            bytes += frame.bodyLength();
            if (!held && bytes > HIGH) {
                held = true;
                hold.run();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes; what is here can still be read. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes, and that is a fault; what is here can still be read. */
    void fail(IOException why) {
        lock.lock();
        try {
            if (!ended && failure == null) {
                failure = why;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives up what is here; later frames are dropped. */
    void discard() {
        lock.lock();
        try {
            discarded = true;
            frames.forEach(Frame::release);
            frames.clear();
            bytes = 0;
            letGo();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next frame, owned by the caller; null at the end. */
    @Nullable
    Frame take(Duration timeout) throws IOException {
        long left = timeout.isZero() ? Long.MAX_VALUE : timeout.toNanos();
        lock.lock();
        try {
            while (frames.isEmpty()) {
                if (discarded) {
                    throw new IOException("connection is closed");
                }
                if (ended) {
                    return null;
                }
                if (failure != null) {
                    throw new IOException(failure.getMessage(), failure);
                }
                if (left <= 0) {
                    throw new SocketTimeoutException("nothing came within " + timeout);
                }
                left = changed.awaitNanos(left);
            }
            Frame frame = frames.poll();
            bytes -= frame.bodyLength();
            if (bytes < LOW) {
                letGo();
            }
            return frame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading");
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return frames.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void letGo() {
        if (held) {
            held = false;
            release.run();
        }
    }
}
