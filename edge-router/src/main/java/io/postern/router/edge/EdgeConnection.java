package io.postern.router.edge;

import io.netty.buffer.ByteBuf;
import io.postern.router.circuit.XgressEnd;
import io.postern.router.circuit.XgressSink;
import io.postern.wire.Frame;
import io.postern.wire.Header;
import io.postern.wire.edge.Data;
import io.postern.wire.edge.StateClosed;
import io.postern.wire.xgress.PayloadHeaders;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One virtual connection of a client and the end of the Circuit behind it. Every Data is one body of the Circuit and the
 * other way round, with flags and message id; nothing is merged, split or looked into. Confined to the Channel's loop.
 *
 * <pre>
 *   waiting ─attach→ joined ─StateClosed of the client, loss of the Channel, cut, end of the Circuit→ over
 *      └──────────────────────────── the same ──────────────────────────────────────────────────────→ over
 * </pre>
 *
 * A half close passes as FIN: from the Circuit it may come as flags, as its own end of data, or as both, and reaches the
 * client once. Source: SDK sheet 5.6, 5.8.
 */
final class EdgeConnection implements XgressSink, Carried {
    private static final Logger LOG = Logger.getLogger(EdgeConnection.class);
    private static final int UUID_BYTES = 16;

    private final SdkChannel channel;
    private final int connId;
    private final String circuitId;
    private final String serviceId;
    private final Side side;
    private final WaitingData waiting;
    private @Nullable XgressEnd end;
    private boolean offering = true;
    private boolean holdingChannel;
    private long accounted;
    private boolean slowed;
    private boolean settling;
    private boolean finSent;
    private boolean over;

    /** Whether the client behind this connection dialled, or hosts. */
    enum Side {
        DIALER,
        HOST
    }

    EdgeConnection(SdkChannel channel, int connId, String circuitId, String serviceId, Side side) {
        this.channel = channel;
        this.connId = connId;
        this.circuitId = circuitId;
        this.serviceId = serviceId;
        this.side = side;
        this.waiting = new WaitingData(channel.settings().mostWaiting());
        channel.counters().opened.increment();
    }

    int connId() {
        return connId;
    }

    String serviceId() {
        return serviceId;
    }

    Side side() {
        return side;
    }

    boolean isOver() {
        return over;
    }

    /** The Circuit stands. If the client has gone meanwhile, what it sent still goes out before the end. */
    XgressSink attach(XgressEnd circuit, Duration settlingTime) {
        end = circuit;
        // the end learns of its sink only after this call, so nothing is offered from inside it
        if (over) {
            channel.loop().execute(() -> finish(circuit));
            return this;
        }
        if (settlingTime.isPositive()) {
            settling = true;
            circuit.pause();
            channel.loop().schedule(this::settled, settlingTime.toMillis(), TimeUnit.MILLISECONDS);
        }
        channel.loop().execute(this::drain);
        return this;
    }

    private void settled() {
        settling = false;
        if (end != null && !slowed && !over) {
            end.resume();
        }
    }

    /** The frame stays the caller's. */
    void fromClient(Frame frame) {
        if (over) {
            return;
        }
        byte[] uuid = frame.bytes(Header.REFLECTED);
        PayloadHeaders headers =
                PayloadHeaders.of(uuid != null && uuid.length == UUID_BYTES ? uuid : null, Data.flags(frame));
        ByteBuf body = frame.body().retain();
        if (end != null && offering && waiting.isEmpty()) {
            offering = end.offer(body, headers);
            return;
        }
        waiting.add(body, headers);
        account();
        if (waiting.overfull() && !holdingChannel) {
            holdingChannel = true;
            channel.hold();
        }
    }

    private void drain() {
        XgressEnd circuit = end;
        if (circuit == null || !offering) {
            return;
        }
        offering = waiting.drain(circuit::offer);
        account();
        if (holdingChannel && waiting.relieved()) {
            holdingChannel = false;
            channel.unhold();
        }
    }

    /** The client has closed; nothing is answered, but what it sent before goes on. */
    void closedByClient() {
        end("client closed");
    }

    @Override
    public void channelLost(String why) {
        end(why);
    }

    /** The right to this connection is gone, or the dial was given up. */
    void cut(String why) {
        if (!over) {
            channel.send(StateClosed.of(connId, why).frame());
            end(why);
        }
    }

    private void end(String why) {
        if (over) {
            return;
        }
        over(why);
        if (end != null) {
            finish(end);
        }
    }

    private void finish(XgressEnd circuit) {
        waiting.drain((body, headers) -> {
            circuit.offer(body, headers);
            return true;
        });
        account();
        circuit.close();
    }

    private void over(String why) {
        over = true;
        channel.ended(connId, this);
        channel.counters().closed.increment();
        if (holdingChannel) {
            holdingChannel = false;
            channel.unhold();
        }
        LOG.debugf(
                "connection.closed channelId=%s connId=%s circuitId=%s why=%s",
                channel.id(), Integer.toUnsignedString(connId), circuitId, why);
    }

    /** The client does not know of it, or not yet: nothing is said, and an end that still comes is closed. */
    void abandon() {
        if (!over) {
            over("given up");
        }
        releaseWaiting();
    }

    /** As {@link #abandon}, for a client that may think it is connected. */
    void giveUp(String why) {
        if (!over) {
            channel.send(StateClosed.of(connId, why).frame());
        }
        abandon();
    }

    private void releaseWaiting() {
        waiting.release();
        account();
    }

    /** Tells the channel what this connection holds now. */
    private void account() {
        long now = waiting.bytes();
        channel.waiting(now - accounted);
        accounted = now;
    }

    /** The Channel has room again. */
    void unslow() {
        if (slowed) {
            slowed = false;
            if (end != null && !settling && !over) {
                end.resume();
            }
        }
    }

    @Override
    public void data(ByteBuf body, PayloadHeaders headers) {
        if (over || (headers.fin() && finSent && !body.isReadable())) {
            body.release();
            return;
        }
        finSent |= headers.fin();
        channel.send(Data.frame(connId, headers.flags(), headers.uuid(), body));
        if (!slowed && end != null && !channel.isWritable()) {
            slowed = true;
            end.pause();
            channel.slowed(this);
        }
    }

    /**
     * The other end half-closed. A client hears of it once, and never right before its close: the C SDK 0.29.3 as a host
     * frees a connection whose shutdown is still pending.
     */
    @Override
    public void endOfData() {
        if (!over && !finSent) {
            finSent = true;
            channel.send(Data.fin(connId));
        }
    }

    @Override
    public void closed(String reason) {
        if (!over) {
            channel.send(StateClosed.of(connId, reason.isEmpty() ? "circuit closed" : reason)
                    .frame());
            over(reason);
        }
        releaseWaiting();
    }

    @Override
    public void writable() {
        offering = true;
        if (!over) {
            drain();
        }
    }

    @Override
    public String toString() {
        return "connection " + Integer.toUnsignedString(connId) + " circuitId=" + circuitId;
    }
}
