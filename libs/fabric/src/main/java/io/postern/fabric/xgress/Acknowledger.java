package io.postern.fabric.xgress;

import io.netty.util.AsciiString;
import io.postern.wire.xgress.Acknowledgement;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gathers sequences to acknowledge, several to a message, and says when the message is due. At once for whatever tells
 * the sender something new: a gap, a duplicate, a start, an end. Confined to its engine.
 */
final class Acknowledger {
    private static final int MOST = 512;
    /** What a flood of duplicates may make wait; what is not acknowledged now will be sent again. */
    private static final int LIMIT = 64 * 1024;

    private static final int[] NONE = {};
    /** A buffer that was fuller than this when last advertised is advertised again when it has emptied by half. */
    private static final int WORTH_UPDATING = 10_000;

    private final XgressOptions options;
    private int[] sequences = new int[16];
    private int count;
    private int bytes;
    private int stamp;
    private long due = Long.MAX_VALUE;
    private int advertised;

    Acknowledger(XgressOptions options) {
        this.options = options;
    }

    void add(long sequence, int size, int rtt, boolean urgent, long now) {
        if (count == LIMIT) {
            return;
        }
        if (count == sequences.length) {
            sequences = Arrays.copyOf(sequences, 2 * count);
        }
        sequences[count++] = (int) sequence;
        bytes += size;
        if (rtt != 0) {
            stamp = rtt;
        }
        if (urgent || count >= options.ackCount() || bytes >= options.ackBytes()) {
            due = Math.min(due, now);
        } else if (due == Long.MAX_VALUE) {
            due = now + options.ackDelay();
        }
    }

    /** Tells the sender that the receiver has caught up. */
    void emptied(int waiting, long now) {
        if (advertised > WORTH_UPDATING && waiting <= advertised / 2) {
            due = Math.min(due, now);
        }
    }

    long due() {
        return due;
    }

    @Nullable
    Acknowledgement next(AsciiString circuitId, int flags, int waiting, long now) {
        if (due > now) {
            return null;
        }
        int sending = Math.min(count, MOST);
        int[] body = sending == 0 ? NONE : Arrays.copyOf(sequences, sending);
        System.arraycopy(sequences, sending, sequences, 0, count - sending);
        count -= sending;
        if (count == 0) {
            due = Long.MAX_VALUE;
            bytes = 0;
        }
        advertised = waiting;
        int echo = stamp;
        if (count == 0) {
            stamp = 0;
        }
        return new Acknowledgement(circuitId, flags, waiting, echo, body);
    }
}
