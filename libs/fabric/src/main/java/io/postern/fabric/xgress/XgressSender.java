package io.postern.fabric.xgress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import io.postern.wire.xgress.Acknowledgement;
import io.postern.wire.xgress.Payload;
import io.postern.wire.xgress.PayloadHeaders;
import io.postern.wire.xgress.XgressFlags;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The sending half of an {@link XgressEngine}: what was offered, what is in flight, and when which may go. */
final class XgressSender {
    /** Counted on top of each offered body, so that many tiny ones are bounded too. */
    private static final int OVERHEAD = 64;

    private static final long PAUSE = 1_000_000_000L;

    private final AsciiString circuitId;
    private final int side;
    private final XgressOptions options;
    private final ArrayDeque<Outgoing> pending = new ArrayDeque<>();
    private final InFlight inFlight = new InFlight();
    private final RoundTrip roundTrip;
    private final CongestionWindow window;
    private final SplittableRandom random;
    private long pendingBytes;
    private boolean offererWaits;
    private boolean open;
    private boolean stopped;
    private int peerWaiting;
    private long progress;
    private boolean probed;

    long sentPayloads;
    long sentBytes;
    long retransmitted;
    long duplicateAcknowledgements;

    XgressSender(AsciiString circuitId, int side, XgressOptions options, long seed) {
        this.circuitId = circuitId;
        this.side = side;
        this.options = options;
        this.roundTrip = new RoundTrip(options);
        this.window = new CongestionWindow(options);
        this.random = new SplittableRandom(seed);
    }

    boolean offer(ByteBuf body, PayloadHeaders headers) {
        if (stopped) {
            body.release();
            return true;
        }
        add(new Outgoing(body, headers, 0, false), false);
        if (pendingBytes < options.pending()) {
            return true;
        }
        offererWaits = true;
        return false;
    }

    private void add(Outgoing out, boolean ahead) {
        if (ahead) {
            pending.addFirst(out);
        } else {
            pending.add(out);
        }
        pendingBytes += out.size + OVERHEAD;
    }

    /** The Circuit has started: an own payload with these headers goes first, then whatever was offered. */
    void open(PayloadHeaders capabilities, int flags) {
        if (!open) {
            open = true;
            add(new Outgoing(Unpooled.EMPTY_BUFFER, capabilities, flags, false), true);
        }
    }

    boolean isOpen() {
        return open;
    }

    void end() {
        add(new Outgoing(Unpooled.EMPTY_BUFFER, PayloadHeaders.NONE, 0, true), false);
    }

    void mark(int flags) {
        add(new Outgoing(Unpooled.EMPTY_BUFFER, PayloadHeaders.NONE, flags, false), false);
    }

    /** The peer takes no more: what has not gone yet never will. */
    void stop() {
        if (!stopped) {
            stopped = true;
            pending.removeIf(out -> {
                if (out.size == 0) {
                    return false;
                }
                pendingBytes -= out.size + OVERHEAD;
                out.body.release();
                return true;
            });
        }
    }

    boolean isStopped() {
        return stopped;
    }

    boolean takeWritable() {
        if (!offererWaits || pendingBytes > options.pending() / 2) {
            return false;
        }
        offererWaits = false;
        return true;
    }

    /** @param endFlag how an end of input is written, or 0 while that is not known */
    @Nullable
    Payload next(long now, int endFlag) {
        Outgoing lost = inFlight.nextLost();
        if (lost != null) {
            if (!fits(lost.size)) {
                return null;
            }
            inFlight.takeLost();
            retransmitted++;
            return transmit(lost, now);
        }
        Outgoing out = pending.peek();
        if (out == null || !open || (out.end && endFlag == 0) || !fits(out.size)) {
            return null;
        }
        if (inFlight.isEmpty() && now - progress > PAUSE) {
            window.idle(options.windowStart());
        }
        pending.poll();
        pendingBytes -= out.size + OVERHEAD;
        out.flags |= out.end ? endFlag : 0;
        inFlight.number(out);
        sentPayloads++;
        sentBytes += out.size;
        return transmit(out, now);
    }

    private boolean fits(int size) {
        if (inFlight.first() == null) {
            return true;
        }
        long used = inFlight.bytes() + size;
        return used <= window.bytes()
                && used + peerWaiting <= options.receiveBuffer()
                && inFlight.count() < options.outstanding();
    }

    private Payload transmit(Outgoing out, long now) {
        int flags = out.flags | side | (out.transmissions > 0 ? XgressFlags.RETRANSMIT : 0);
        inFlight.sent(out, now);
        return new Payload(
                circuitId, out.sequence, flags, RoundTrip.stamp(now), out.headers, out.body.retainedDuplicate());
    }

    void acknowledged(Acknowledgement ack, long now) {
        if (ack.receiveBuffer() >= 0) {
            peerWaiting = ack.receiveBuffer();
        }
        if (ack.sequences().length == 0) {
            if (roundTrip.backoff() > 0) {
                tryAgain(now);
            }
            return;
        }
        boolean limited = 2 * inFlight.bytes() >= window.bytes();
        int bytes = 0;
        Outgoing newest = null;
        long sentOnce = Long.MIN_VALUE;
        for (int number : ack.sequences()) {
            Outgoing out = inFlight.acknowledge(number);
            if (out == null) {
                duplicateAcknowledgements++;
                inFlight.needless();
                continue;
            }
            bytes += Math.max(1, out.size);
            inFlight.arrived(out, now, roundTrip.least());
            newest = newest == null || out.order > newest.order ? out : newest;
            sentOnce = out.transmissions == 1 ? Math.max(sentOnce, out.sentAt) : sentOnce;
        }
        if (newest != null) {
            long sample = measure(sentOnce, ack.rtt(), now);
            window.acknowledged(bytes, sample, roundTrip.least(), newest.order, inFlight.orders(), limited);
            roundTrip.forgetBackoff();
            progress = now;
            probed = false;
        }
        detect(now);
    }

    /** What was sent once is timed exactly; what was sent more often only by the stamp that came back. */
    private long measure(long sentOnce, int stamp, long now) {
        if (sentOnce != Long.MIN_VALUE) {
            roundTrip.sample(now - sentOnce, now);
            return Math.max(1, now - sentOnce);
        }
        if (stamp != 0) {
            long elapsed = roundTrip.since(stamp, now);
            if (elapsed > 0) {
                roundTrip.sample(elapsed, now);
            }
        }
        return 0;
    }

    private void detect(long now) {
        long worst = inFlight.detect(roundTrip, now);
        if (worst >= 0) {
            window.lost(worst, inFlight.orders());
        }
    }

    /** The path or the peer is another than before: what is in flight is sent again at once. */
    void tryAgain(long now) {
        roundTrip.forgetBackoff();
        inFlight.loseAll(now);
        progress = now;
        probed = false;
    }

    void tick(long now) {
        detect(now);
        if (now >= probeAt()) {
            probed = true;
            inFlight.loseNewest();
        } else if (now >= timeoutAt()) {
            inFlight.loseAll(now - roundTrip.smoothed());
            window.timedOut(inFlight.orders());
            roundTrip.backOff(random.nextLong());
        }
    }

    private long probeAt() {
        Outgoing last = inFlight.last();
        if (last == null || probed || !roundTrip.known() || roundTrip.backoff() > 0) {
            return Long.MAX_VALUE;
        }
        return Math.max(last.sentAt, progress) + roundTrip.probe();
    }

    private long timeoutAt() {
        Outgoing first = inFlight.first();
        return first == null ? Long.MAX_VALUE : Math.max(first.sentAt, progress) + roundTrip.timeout();
    }

    long nextTick() {
        return Math.min(inFlight.detectAt(roundTrip), Math.min(probeAt(), timeoutAt()));
    }

    /** Everything offered has arrived. */
    boolean drained() {
        return pending.isEmpty() && inFlight.isEmpty();
    }

    /** An end of input heads the queue and cannot go yet for want of the peer's capabilities. */
    boolean endWaits() {
        Outgoing out = pending.peek();
        return out != null && out.end;
    }

    long windowBytes() {
        return window.bytes();
    }

    long roundTripNanos() {
        return roundTrip.smoothed();
    }

    long pendingBytes() {
        return pendingBytes;
    }

    long inFlightBytes() {
        return inFlight.bytes();
    }

    void release() {
        stopped = true;
        pending.forEach(out -> out.body.release());
        pending.clear();
        pendingBytes = 0;
        inFlight.release();
    }
}
