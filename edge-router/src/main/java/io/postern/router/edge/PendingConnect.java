package io.postern.router.edge;

import io.postern.wire.StructuredError;
import io.postern.wire.edge.Connect;
import io.postern.wire.edge.StateClosed;
import org.jspecify.annotations.Nullable;

/**
 * A Connect that is not answered yet. It holds its connection id, so that the client cannot use it twice, and knows
 * whether the client still wants the answer. Confined to the Channel's loop.
 */
final class PendingConnect implements Carried {
    private final SdkChannel channel;
    private final int connId;
    private final int sequence;
    private final boolean wantsRouterConnId;
    private final long began = System.nanoTime();
    private long asked = began;
    private boolean given;

    PendingConnect(SdkChannel channel, Connect connect, int sequence) {
        this.channel = channel;
        this.connId = connect.connId();
        this.sequence = sequence;
        this.wantsRouterConnId = connect.wantsRouterConnId();
    }

    int connId() {
        return connId;
    }

    /** Reading of the clock when the Connect came. */
    long began() {
        return began;
    }

    /** Now a controller is asked. */
    void asks() {
        asked = System.nanoTime();
    }

    /** Reading of the clock when a controller was asked. */
    long asked() {
        return asked;
    }

    /** Of the Connect, for the answer. */
    int sequence() {
        return sequence;
    }

    boolean wantsRouterConnId() {
        return wantsRouterConnId;
    }

    /** Nobody waits any more: the client has closed it, its Channel is gone, or it has been answered. */
    boolean isOver() {
        return given;
    }

    void over() {
        if (!given) {
            given = true;
            channel.dialEnds();
            channel.ended(connId, this);
        }
    }

    @Override
    public void channelLost(String why) {
        over();
    }

    /** A Circuit stands. */
    void dialed() {
        over();
        channel.counters().dialed(System.nanoTime() - began);
    }

    void refuse(StructuredError error, @Nullable String circuitId) {
        if (!given) {
            over();
            channel.counters().refused(error.code());
            channel.send(new StateClosed(connId, error.message(), circuitId, error)
                    .frame()
                    .replyFor(sequence));
        }
    }
}
