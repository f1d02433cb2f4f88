package io.postern.cli.tunnel;

import io.postern.client.Connection;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Joins a plain socket and a connection, to the end of both. Each direction is a virtual thread with one buffer: who does
 * not read holds his sender, through the overlay too. The end of one direction is passed on and leaves the other one open;
 * a break of either side breaks the other.
 */
final class Bridge {
    private static final int BUFFER = 64 * 1024;
    /** How long a peer that has everything may take to close; bytes just sent may still be on their way until then. */
    private static final int LINGER_SECONDS = 10;

    private final SocketChannel local;
    private final Connection overlay;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    Bridge(SocketChannel local, Connection overlay) {
        this.local = local;
        this.overlay = overlay;
    }

    /** Bytes into the overlay. */
    long sent() {
        return sent.get();
    }

    /** Bytes out of the overlay. */
    long received() {
        return received.get();
    }

    /** Runs to the end of both directions, on a virtual thread. Both sides are closed then. */
    void run() {
        Thread up = Thread.ofVirtual().name("tunnel-up").start(this::up);
        try {
            down();
            up.join();
            linger();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            overlay.close();
            close();
        }
    }

    private void up() {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try {
            for (int n = local.read(buffer); n >= 0; n = local.read(buffer)) {
                overlay.output().write(buffer.array(), 0, n);
                sent.addAndGet(n);
                buffer.clear();
            }
            overlay.closeOutput();
        } catch (IOException e) {
            abort();
        }
    }

    private void down() {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int n = overlay.input().read(buffer);
                    n >= 0;
                    n = overlay.input().read(buffer)) {
                ByteBuffer whole = ByteBuffer.wrap(buffer, 0, n);
                while (whole.hasRemaining()) {
                    local.write(whole);
                }
                received.addAndGet(n);
            }
            local.shutdownOutput();
            // A peer that has closed, not only its output, takes nothing more: no reason to wait for the local side.
            overlay.closed().thenRun(this::close);
        } catch (IOException e) {
            abort();
        }
    }

    private void linger() throws InterruptedException {
        try {
            overlay.closed().toCompletableFuture().get(LINGER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // It had its time.
        }
    }

    /** The local side sees a reset, not an end: it must not take what it has for everything. */
    private void abort() {
        try {
            if (local.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
                local.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            // It is closed already.
        }
        close();
        overlay.close();
    }

    private void close() {
        try {
            local.close();
        } catch (IOException e) {
            // Nothing can be done about it.
        }
    }
}
