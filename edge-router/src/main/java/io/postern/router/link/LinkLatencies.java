package io.postern.router.link;

import java.util.concurrent.atomic.LongAdder;

/** Round trips of all Links together, as their heartbeats measured them. Any thread. */
public final class LinkLatencies {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    void add(long roundTrip) {
        count.increment();
        nanos.add(roundTrip);
    }

    public long count() {
        return count.sum();
    }

    public long nanos() {
        return nanos.sum();
    }
}
