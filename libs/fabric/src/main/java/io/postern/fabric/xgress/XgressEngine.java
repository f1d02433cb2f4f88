package io.postern.fabric.xgress;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import io.postern.fabric.xgress.ReorderBuffer.Arrival;
import io.postern.wire.xgress.Acknowledgement;
import io.postern.wire.xgress.Payload;
import io.postern.wire.xgress.PayloadHeaders;
import io.postern.wire.xgress.XgressFlags;
import org.jspecify.annotations.Nullable;

/**
 * One end of a Circuit's reliable stream. Payloads and offers go in; payloads, acknowledgements and deliveries are
 * fetched by whoever drives it, who thereby sets the pace on both sides:
 *
 * <pre>
 *   offer, endOfInput, close ─► pending ─► in flight ─► {@link #nextPayload}          paced by window and driver
 *   {@link #deliver}  ◄─ in order ◄─ reorder ◄─ receive(payload)  ─► {@link #nextAcknowledgement}
 *   {@link #tick} at {@link #nextTick}: loss, probes, timeouts, deadlines
 * </pre>
 *
 * Life: the initiator starts at once; the terminator when it sees the start, and sends nothing before. Each direction
 * ends by itself (EOF, or CircuitEnd to a peer that knows no EOF). When both have ended the stream is {@link #isOver over}
 * and says CircuitEnd; when all of that has arrived, or nobody listens for {@link XgressOptions#closeWait}, it is
 * {@link #isFinished finished}. Even then it still acknowledges what comes twice. Times are nanoseconds of one steady
 * clock. Owns every buffer given to it. Confined to one event loop. Fabric sheet 5.3, 5.4.
 */
public final class XgressEngine {
    private static final PayloadHeaders CAPABILITIES = PayloadHeaders.capabilities(XgressFlags.CAPABILITY_EOF);

    private final AsciiString circuitId;
    private final int side;
    private final XgressOptions options;
    private final XgressSender sender;
    private final ReorderBuffer reorder;
    private final Acknowledger acknowledger;

    private int peerCapabilities = -1;
    private boolean inputEnded;
    private boolean dataEnded;
    private boolean peerEnded;
    private boolean closing;
    private boolean over;
    private boolean finished;
    private String reason = "";
    private long startDeadline = Long.MAX_VALUE;
    private long endDeadline = Long.MAX_VALUE;
    private long closeDeadline = Long.MAX_VALUE;

    private long receivedPayloads;
    private long receivedBytes;
    private long duplicates;
    private long dropped;
    private long mirrored;

    private XgressEngine(AsciiString circuitId, int side, XgressOptions options, long seed) {
        this.circuitId = circuitId;
        this.side = side;
        this.options = options;
        this.sender = new XgressSender(circuitId, side, options, seed);
        this.reorder = new ReorderBuffer(options.receiveBuffer());
        this.acknowledger = new Acknowledger(options);
    }

    /** The side that dialed: its start is the first thing to send. */
    public static XgressEngine initiator(AsciiString circuitId, XgressOptions options, long seed) {
        XgressEngine engine = new XgressEngine(circuitId, 0, options, seed);
        engine.sender.open(CAPABILITIES, XgressFlags.CIRCUIT_START);
        return engine;
    }

    /** The side that was dialed: waits for the start, but not longer than {@link XgressOptions#startTimeout}. */
    public static XgressEngine terminator(AsciiString circuitId, XgressOptions options, long seed, long now) {
        XgressEngine engine = new XgressEngine(circuitId, XgressFlags.ORIGINATOR, options, seed);
        engine.startDeadline = now + options.startTimeout();
        return engine;
    }

    /**
     * Takes one body, which will leave as one payload.
     *
     * @return false when enough waits for now: stop until {@link #takeWritable}
     */
    public boolean offer(ByteBuf body, PayloadHeaders headers) {
        if (inputEnded || finished) {
            body.release();
            return true;
        }
        return sender.offer(body, headers);
    }

    /** Once after an offer was answered false, when it is worth offering again. */
    public boolean takeWritable() {
        return !inputEnded && !finished && sender.takeWritable();
    }

    /** Nothing more will be offered. */
    public void endOfInput(long now) {
        if (!inputEnded && !finished) {
            inputEnded = true;
            endDeadline = now + options.endWait();
            sender.end();
            settle(now);
        }
    }

    /**
     * Ends both directions; what was offered is still sent, what arrives is acknowledged and dropped. That nothing more is
     * taken is said ahead of the end of input, so that the other end knows by then that this is no half close.
     */
    public void close(String why, long now) {
        if (closing || finished) {
            return;
        }
        closing = true;
        reason = over ? reason : why;
        if (!dataEnded) {
            dataEnded = true;
            sender.mark(XgressFlags.WRITE_FAILED);
        }
        endOfInput(now);
        settle(now);
    }

    /** Ends at once and gives everything up. */
    public void abort(String why) {
        reason = over ? reason : why;
        closing = true;
        inputEnded = true;
        dataEnded = true;
        over = true;
        finish();
    }

    private void finish() {
        finished = true;
        sender.release();
        reorder.release();
    }

    private void settle(long now) {
        if (!over && dataEnded && (inputEnded || sender.isStopped())) {
            over = true;
            inputEnded = true;
            closeDeadline = now + options.closeWait();
            if (!peerEnded) {
                sender.mark(XgressFlags.CIRCUIT_END);
            }
        }
    }

    /** From the network. Takes the payload. */
    public void receive(Payload payload, long now) {
        if ((payload.flags() & XgressFlags.ORIGINATOR) == side) {
            mirrored++;
            payload.release();
            return;
        }
        int size = payload.body().readableBytes();
        Arrival arrival = finished ? Arrival.DUPLICATE : reorder.add(payload);
        switch (arrival) {
            case DROPPED -> {
                dropped++;
                payload.release();
            }
            case DUPLICATE -> {
                duplicates++;
                acknowledger.add(payload.sequence(), 0, payload.rtt(), true, now);
                payload.release();
            }
            case ACCEPTED -> {
                receivedPayloads++;
                receivedBytes += size;
                acknowledger.add(payload.sequence(), size, payload.rtt(), urgent(payload), now);
                notice(payload);
            }
        }
    }

    private boolean urgent(Payload payload) {
        return (payload.flags() & ~XgressFlags.ORIGINATOR) != 0 || payload.sequence() == 0 || reorder.hasGap();
    }

    /** What counts as soon as it is here, even ahead of its turn or behind data that nobody takes yet. */
    private void notice(Payload payload) {
        int capabilities = payload.headers().capabilities();
        boolean start = payload.has(XgressFlags.CIRCUIT_START);
        if (capabilities >= 0) {
            peerCapabilities = capabilities;
        } else if (start && peerCapabilities < 0) {
            peerCapabilities = 0;
        }
        if (start && side != 0) {
            startDeadline = Long.MAX_VALUE;
            sender.open(CAPABILITIES, 0);
        }
        if (payload.has(XgressFlags.WRITE_FAILED)) {
            sender.stop();
        }
    }

    /** Takes what the other end acknowledges. One that carries this side's own originator flag is counted and dropped. */
    public void receive(Acknowledgement ack, long now) {
        if ((ack.flags() & XgressFlags.ORIGINATOR) == side) {
            mirrored++;
        } else if (!finished) {
            sender.acknowledged(ack, now);
            checkFinished();
        }
    }

    /** Hands over what is next in order, as long as the receiver is ready. Ends are told even to one that is not. */
    public void deliver(XgressReceiver receiver, long now) {
        for (Payload next = reorder.peek(); next != null; next = reorder.peek()) {
            if (carries(next) && !dataEnded && !receiver.ready()) {
                break;
            }
            Payload payload = reorder.take();
            if (payload != null) {
                take(payload, receiver, now);
            }
        }
        settle(now);
        acknowledger.emptied(reorder.bytes(), now);
    }

    private static boolean carries(Payload payload) {
        return payload.body().isReadable()
                || (!payload.headers().isEmpty() && payload.headers().capabilities() < 0);
    }

    private void take(Payload payload, XgressReceiver receiver, long now) {
        boolean ends = payload.has(XgressFlags.EOF) || payload.has(XgressFlags.CIRCUIT_END);
        peerEnded |= payload.has(XgressFlags.CIRCUIT_END);
        if (dataEnded || !carries(payload)) {
            payload.release();
        } else {
            receiver.data(payload.body(), payload.headers());
        }
        if (ends && !dataEnded) {
            dataEnded = true;
            settle(now);
            if (!over) {
                receiver.endOfData();
            }
        }
    }

    /** The next acknowledgement that is due, or null. It goes out even when payloads cannot. */
    public @Nullable Acknowledgement nextAcknowledgement(long now) {
        return acknowledger.next(circuitId, side, finished ? 0 : reorder.bytes(), now);
    }

    /** The next payload that may be sent now, or null. The caller owns it. */
    public @Nullable Payload nextPayload(long now) {
        if (finished) {
            return null;
        }
        return sender.next(now, endFlag());
    }

    private int endFlag() {
        if (peerCapabilities >= 0) {
            return (peerCapabilities & XgressFlags.CAPABILITY_EOF) != 0 ? XgressFlags.EOF : XgressFlags.CIRCUIT_END;
        }
        return closing ? XgressFlags.CIRCUIT_END : 0;
    }

    /** The path has changed: what is in flight is taken for lost. */
    public void rerouted(long now) {
        if (!finished) {
            sender.tryAgain(now);
        }
    }

    /** Does what time asks for: probes, retransmissions, deadlines. Harmless when called early; see {@link #nextTick}. */
    public void tick(long now) {
        if (finished) {
            return;
        }
        if (now >= startDeadline) {
            abort("circuit was not started in time");
        } else if (now >= closeDeadline) {
            finish();
        } else {
            if (now >= endDeadline && peerCapabilities < 0) {
                peerCapabilities = 0;
            }
            sender.tick(now);
            checkFinished();
        }
    }

    /** When {@link #tick} and the fetching methods are worth calling next, at the latest; never is MAX_VALUE. */
    public long nextTick() {
        long due = acknowledger.due();
        if (!finished) {
            due = Math.min(due, Math.min(sender.nextTick(), Math.min(startDeadline, closeDeadline)));
            if (peerCapabilities < 0 && sender.endWaits()) {
                due = Math.min(due, endDeadline);
            }
        }
        return due;
    }

    private void checkFinished() {
        if (over && (sender.drained() || !sender.isOpen())) {
            finish();
        }
    }

    /** Both directions have ended; whoever sits behind this end is to be told. */
    public boolean isOver() {
        return over;
    }

    /** Over, and nothing is left to be sent or awaited. */
    public boolean isFinished() {
        if (over && !finished) {
            checkFinished();
        }
        return finished;
    }

    /** Why it was closed, or empty after a normal end. */
    public String reason() {
        return reason;
    }

    /** May this side send? The terminator may once it has seen the start. */
    public boolean isStarted() {
        return sender.isOpen();
    }

    /** Bytes offered and not yet acknowledged by the other end. */
    public long unacknowledged() {
        return sender.pendingBytes() + sender.inFlightBytes();
    }

    /** Counts since the beginning, and the window and round trip of now. */
    public XgressCounters counters() {
        return new XgressCounters(
                sender.sentPayloads,
                sender.sentBytes,
                sender.retransmitted,
                sender.duplicateAcknowledgements,
                receivedPayloads,
                receivedBytes,
                duplicates,
                dropped,
                mirrored,
                sender.windowBytes(),
                sender.roundTripNanos());
    }
}
