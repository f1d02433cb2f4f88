package io.postern.router.circuit;

import io.postern.fabric.path.FailureCause;
import io.postern.wire.RouteError;
import java.util.EnumMap;
import java.util.concurrent.atomic.LongAdder;

/** What went through this router and what did not. Any thread. */
public final class CircuitCounters {
    /** Frames passed from one Link to another. */
    public final LongAdder transitFrames = new LongAdder();

    public final LongAdder transitBytes = new LongAdder();
    /** Frames dropped because the Link they should leave by had too much waiting. */
    public final LongAdder transitDropped = new LongAdder();
    /** Frames dropped because their Circuit, or the Link it leaves by, is not known here. */
    public final LongAdder unroutable = new LongAdder();
    /** Payloads dropped because an end's inbox was full. */
    public final LongAdder inboxDropped = new LongAdder();
    /** Frames that could not be read. */
    public final LongAdder malformed = new LongAdder();

    public final LongAdder sentPayloads = new LongAdder();
    public final LongAdder sentBytes = new LongAdder();
    public final LongAdder retransmitted = new LongAdder();
    public final LongAdder receivedPayloads = new LongAdder();
    public final LongAdder receivedBytes = new LongAdder();
    public final LongAdder duplicates = new LongAdder();
    public final LongAdder opened = new LongAdder();
    public final LongAdder ended = new LongAdder();
    /** Routes that failed here. */
    public final EnumMap<FailureCause, LongAdder> refused = new EnumMap<>(FailureCause.class);

    CircuitCounters() {
        for (RouteError error : RouteError.values()) {
            refused.put(FailureCause.ofRouteResult(error.number()), new LongAdder());
        }
    }

    void refused(FailureCause cause) {
        refused.get(cause).increment();
    }
}
