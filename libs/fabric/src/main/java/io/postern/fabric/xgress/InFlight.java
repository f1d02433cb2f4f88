package io.postern.fabric.xgress;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and not acknowledged: by sequence, in order of transmission, and what of it was found lost. A payload is
 * lost when another sent clearly later has arrived (RACK, RFC 8985): Links with several connections reorder freely, so a
 * count of later arrivals says nothing. Releases a body when it is acknowledged. Confined to its engine.
 */
final class InFlight {
    private static final long MILLI = 1_000_000L;

    private final ArrayDeque<Outgoing> lost = new ArrayDeque<>();
    private @Nullable Outgoing[] ring = new Outgoing[64];
    private long oldest;
    private long next;
    private @Nullable Outgoing first;
    private @Nullable Outgoing last;
    private long bytes;
    private long orders;
    private long newestAcknowledged = Long.MIN_VALUE;
    private long newestRoundTrip;
    private int patience = 1;
    private int calm;

    /** Gives the next sequence; {@link #sent} follows. */
    void number(Outgoing out) {
        out.sequence = next++;
        if (next - oldest > ring.length) {
            @Nullable Outgoing[] wider = new Outgoing[2 * ring.length];
            for (long s = oldest; s < out.sequence; s++) {
                wider[(int) s & wider.length - 1] = ring[(int) s & ring.length - 1];
            }
            ring = wider;
        }
        ring[(int) out.sequence & ring.length - 1] = out;
    }

    void sent(Outgoing out, long now) {
        out.sentAt = now;
        out.order = orders++;
        out.transmissions++;
        out.inFlight = true;
        out.before = last;
        out.after = null;
        if (last == null) {
            first = out;
        } else {
            last.after = out;
        }
        last = out;
        bytes += out.size;
    }

    private void unlink(Outgoing out) {
        if (!out.inFlight) {
            return;
        }
        out.inFlight = false;
        bytes -= out.size;
        if (out.before == null) {
            first = out.after;
        } else {
            out.before.after = out.after;
        }
        if (out.after == null) {
            last = out.before;
        } else {
            out.after.before = out.before;
        }
        out.before = null;
        out.after = null;
    }

    /** The payload of an acknowledged number, freed and gone from here; null when it is none of ours or already was. */
    @Nullable
    Outgoing acknowledge(int number) {
        long sequence = oldest + (number - (int) oldest);
        if (sequence < oldest || sequence >= next) {
            return null;
        }
        int at = (int) sequence & ring.length - 1;
        Outgoing out = ring[at];
        if (out == null) {
            return null;
        }
        ring[at] = null;
        unlink(out);
        out.acknowledged = true;
        out.body.release();
        if ((++calm & 0xFF) == 0 && patience > 1) {
            patience--;
        }
        while (oldest < next && ring[(int) oldest & ring.length - 1] == null) {
            oldest++;
        }
        return out;
    }

    /** Remembers the transmission sent last of all that have arrived. An impossible round trip is an earlier one's. */
    void arrived(Outgoing out, long now, long least) {
        long elapsed = now - out.sentAt;
        if (out.transmissions > 1 && elapsed < least) {
            return;
        }
        if (out.sentAt > newestAcknowledged) {
            newestAcknowledged = out.sentAt;
            newestRoundTrip = elapsed;
        }
    }

    /** A retransmission turned out to be needless: wait longer before the next. */
    void needless() {
        patience = Math.min(16, patience + 1);
    }

    private long reorder(RoundTrip roundTrip) {
        long window = patience * Math.max(MILLI, roundTrip.least() / 4);
        return Math.min(window, Math.max(4 * MILLI, 2 * roundTrip.smoothed()));
    }

    /** Moves to the lost what is overdue; returns the newest order among it, or -1 when there was none. */
    long detect(RoundTrip roundTrip, long now) {
        long worst = -1;
        long overdue = newestRoundTrip + reorder(roundTrip);
        while (first != null && first.sentAt < newestAcknowledged && first.sentAt + overdue <= now) {
            worst = first.order;
            lose(first);
        }
        return worst;
    }

    /** When {@link #detect} will find something if nothing arrives before, or {@link Long#MAX_VALUE}. */
    long detectAt(RoundTrip roundTrip) {
        return first == null || first.sentAt >= newestAcknowledged
                ? Long.MAX_VALUE
                : first.sentAt + newestRoundTrip + reorder(roundTrip);
    }

    private void lose(Outgoing out) {
        unlink(out);
        lost.add(out);
    }

    /** Everything in flight that was sent before this time is taken for lost. */
    void loseAll(long sentBefore) {
        while (first != null && first.sentAt <= sentBefore) {
            lose(first);
        }
    }

    /** The newest alone is taken for lost, so that it goes out again and brings news of the others. */
    void loseNewest() {
        if (last != null) {
            lose(last);
        }
    }

    @Nullable
    Outgoing nextLost() {
        while (!lost.isEmpty()) {
            if (!lost.peek().acknowledged) {
                return lost.peek();
            }
            lost.poll();
        }
        return null;
    }

    void takeLost() {
        lost.poll();
    }

    @Nullable
    Outgoing first() {
        return first;
    }

    @Nullable
    Outgoing last() {
        return last;
    }

    long bytes() {
        return bytes;
    }

    int count() {
        return (int) (next - oldest);
    }

    boolean isEmpty() {
        return oldest == next;
    }

    long orders() {
        return orders;
    }

    void release() {
        for (long s = oldest; s < next; s++) {
            Outgoing out = ring[(int) s & ring.length - 1];
            if (out != null) {
                out.acknowledged = true;
                out.body.release();
            }
        }
        Arrays.fill(ring, null);
        lost.clear();
        first = null;
        last = null;
        bytes = 0;
        oldest = next;
    }
}
