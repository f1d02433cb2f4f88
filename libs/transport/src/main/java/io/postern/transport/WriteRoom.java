package io.postern.transport;

/**
 * Whether a channel takes more: its socket is below the high mark, and so is what waits for the loop. Remembers who was
 * refused, so that room is told of once it is there. Asked on any thread; {@link #freed} on the loop.
 */
final class WriteRoom {
    private final io.netty.channel.Channel socket;
    private final Outbox outbox;
    private final long high;
    private volatile boolean refused;

    WriteRoom(io.netty.channel.Channel socket, Outbox outbox, long high) {
        this.socket = socket;
        this.outbox = outbox;
        this.high = high;
    }

    /** Whether there is room; a no is remembered. */
    boolean asked() {
        if (isThere()) {
            return true;
        }
        refused = true; // before the second look, or the turn in between would wake nobody
        return isThere();
    }

    /** The socket takes no more. */
    void full() {
        refused = true;
    }

    /** Whether somebody was refused and may write again: true once for each time. */
    boolean freed() {
        if (!refused || !isThere()) {
            return false;
        }
        refused = false;
        return true;
    }

    private boolean isThere() {
        return socket.isWritable() && outbox.bytes() < high;
    }
}
