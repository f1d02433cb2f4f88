package io.postern.fabric.xgress;

import io.postern.wire.xgress.Payload;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Payloads received and not yet taken, by sequence. Owns them. Confined to its engine. */
final class ReorderBuffer {
    enum Arrival {
        ACCEPTED,
        DUPLICATE,
        DROPPED
    }

    /** Farthest ahead of the next expected that is kept: bounds the ring. */
    private static final int AHEAD = 64 * 1024;

    private final int limit;
    private @Nullable Payload[] ring = new Payload[64];
    private long next;
    private long highest = -1;
    private int bytes;

    ReorderBuffer(int limit) {
        this.limit = limit;
    }

    /** Takes the payload when it is accepted, and only then. */
    Arrival add(Payload payload) {
        long sequence = payload.sequence();
        if (sequence < next) {
            return Arrival.DUPLICATE;
        }
        if (sequence - next >= AHEAD || full(sequence)) {
            return Arrival.DROPPED;
        }
        widen(sequence);
        int at = (int) sequence & ring.length - 1;
        if (ring[at] != null) {
            return Arrival.DUPLICATE;
        }
        ring[at] = payload;
        highest = Math.max(highest, sequence);
        bytes += payload.body().readableBytes();
        return Arrival.ACCEPTED;
    }

    /** Beyond the limit only gaps are filled, and beyond twice the limit only the one that holds all others up. */
    private boolean full(long sequence) {
        if (bytes <= limit || sequence == next) {
            return false;
        }
        return sequence > highest || bytes > 2L * limit;
    }

    private void widen(long sequence) {
        if (sequence - next < ring.length) {
            return;
        }
        int size = ring.length;
        while (sequence - next >= size) {
            size *= 2;
        }
        @Nullable Payload[] wider = new Payload[size];
        for (long s = next; s <= highest; s++) {
            wider[(int) s & size - 1] = ring[(int) s & ring.length - 1];
        }
        ring = wider;
    }

    @Nullable
    Payload peek() {
        return ring[(int) next & ring.length - 1];
    }

    /** The next in order, whose ownership passes to the caller, or null. */
    @Nullable
    Payload take() {
        int at = (int) next & ring.length - 1;
        Payload payload = ring[at];
        if (payload != null) {
            ring[at] = null;
            next++;
            bytes -= payload.body().readableBytes();
        }
        return payload;
    }

    /** Bytes waiting, as advertised. */
    int bytes() {
        return bytes;
    }

    long next() {
        return next;
    }

    boolean hasGap() {
        return highest >= next && peek() == null;
    }

    void release() {
        for (Payload payload : ring) {
            if (payload != null) {
                payload.release();
            }
        }
        Arrays.fill(ring, null);
        bytes = 0;
    }
}
