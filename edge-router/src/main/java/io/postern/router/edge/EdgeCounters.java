package io.postern.router.edge;

import io.postern.wire.EdgeError;
import java.util.EnumMap;
import java.util.concurrent.atomic.LongAdder;

/** What clients asked for and what they got. Any thread. */
public final class EdgeCounters {
    /** Connections, of dialers and of hosts, that began and that ended: the difference lives. */
    public final LongAdder opened = new LongAdder();

    public final LongAdder closed = new LongAdder();
    /** Dials that were answered with a Circuit, and what they took from Connect on. */
    public final LongAdder dialed = new LongAdder();

    public final LongAdder dialNanos = new LongAdder();
    /** Dials refused, by what the client was told. */
    public final EnumMap<EdgeError, LongAdder> refused = new EnumMap<>(EdgeError.class);

    EdgeCounters() {
        for (EdgeError error : EdgeError.values()) {
            refused.put(error, new LongAdder());
        }
    }

    public long connections() {
        return opened.sum() - closed.sum();
    }

    void refused(EdgeError error) {
        refused.get(error).increment();
    }

    void dialed(long nanos) {
        dialed.increment();
        dialNanos.add(nanos);
    }
}
