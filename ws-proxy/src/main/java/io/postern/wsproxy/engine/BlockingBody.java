package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An answer's body for a thread that may block. Bounded: while much of it waits to be read, the stream is paused. */
final class BlockingBody extends InputStream implements Exchange.Listener {
    private static final int HIGH = 256 * 1024;
    private static final int LOW = 64 * 1024;

    private final CompletableFuture<ResponseHead> head = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>();
    private final Duration patience;
    private @Nullable Exchange exchange;
    private @Nullable EventLoop loop;
    private @Nullable EngineRefusal failure;
    private int waiting;
    private boolean paused;
    private boolean ended;
    private boolean closed;

    BlockingBody(Duration patience) {
        this.patience = patience;
    }

    CompletableFuture<ResponseHead> head() {
        return head;
    }

    /** On the loop. */
    void of(Exchange theirs, EventLoop on) {
        lock.lock();
        try {
            exchange = theirs;
            loop = on;
            if (closed) {
                theirs.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void head(ResponseHead answer) {
        head.complete(answer);
    }

    @Override
    public void body(ByteBuf bytes) {
        lock.lock();
        try {
            if (closed || !bytes.isReadable()) {
                bytes.release();
                return;
            }
            parts.add(bytes);
            waiting += bytes.readableBytes();
            if (waiting > HIGH && !paused && exchange != null) {
                paused = true;
                exchange.pause();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void complete() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void failed(EngineRefusal why) {
        head.completeExceptionally(why);
        lock.lock();
        try {
            failure = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            ByteBuf part = next();
            if (part == null) {
                return -1;
            }
            int some = Math.min(length, part.readableBytes());
            part.readBytes(into, offset, some);
            waiting -= some;
            if (!part.isReadable()) {
                parts.remove().release();
            }
            if (paused && waiting < LOW) {
                paused = false;
                onLoop(() -> Objects.requireNonNull(exchange).resume());
            }
            return some;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable ByteBuf next() throws IOException {
        long left = patience.toNanos();
        try {
            while (parts.isEmpty()) {
                if (closed) {
                    throw new IOException("the answer's body is closed");
                }
                if (failure != null) {
                    throw new IOException(failure.getMessage());
                }
                if (ended) {
                    return null;
                }
                if (left <= 0) {
                    throw new SocketTimeoutException("the engine sent nothing for " + patience.toSeconds() + " s");
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading an engine's answer");
        }
        return parts.peek();
    }

    private void onLoop(Runnable task) {
        EventLoop on = loop;
        if (on != null && !on.isShuttingDown()) {
            on.execute(task);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            parts.forEach(ByteBuf::release);
            parts.clear();
            Exchange theirs = exchange;
            if (theirs != null) {
                onLoop(theirs::close);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
