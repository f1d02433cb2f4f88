package io.postern.fabric.xgress;

/**
 * How long a payload and its acknowledgement take: smoothed as in RFC 6298, with the least of the last while beside it.
 * Also makes and reads the 16-bit stamps of header 2260. Nanoseconds; confined to its engine.
 */
final class RoundTrip {
    private static final long MILLI = 1_000_000L;
    /** The least is forgotten after one to two of these: a path may have changed. */
    private static final long EPOCH = 10_000 * MILLI;

    private final XgressOptions options;
    private long smoothed;
    private long variation;
    private long least = Long.MAX_VALUE;
    private long leastBefore = Long.MAX_VALUE;
    private long epochEnd;
    private int backoff;
    private long jitter;

    RoundTrip(XgressOptions options) {
        this.options = options;
    }

    /** Low 16 bits of the millisecond clock; 0 would mean no stamp. */
    static int stamp(long now) {
        int stamp = (int) (now / MILLI) & 0xFFFF;
        return stamp == 0 ? 1 : stamp;
    }

    /** Time since a stamp was made, clamped to four times what is usual: it has wrapped or was echoed late. */
    long since(int stamp, long now) {
        long elapsed = ((int) (now / MILLI) - stamp & 0xFFFF) * MILLI;
        return smoothed == 0
                ? Math.min(elapsed, options.retransmitMax())
                : Math.min(elapsed, 4 * Math.max(smoothed, MILLI));
    }

    void sample(long elapsed, long now) {
        long sample = Math.max(1, elapsed);
        if (smoothed == 0) {
            smoothed = sample;
            variation = sample / 2;
            epochEnd = now + EPOCH;
        } else {
            variation += (Math.abs(smoothed - sample) - variation) / 4;
            smoothed += (sample - smoothed) / 8;
        }
        if (now > epochEnd) {
            leastBefore = least;
            least = Long.MAX_VALUE;
            epochEnd = now + EPOCH;
        }
        least = Math.min(least, sample);
        forgetBackoff();
    }

    boolean known() {
        return smoothed > 0;
    }

    long smoothed() {
        return smoothed;
    }

    /** Least of the last 10 to 20 seconds, or 0 while nothing was measured. */
    long least() {
        long least = Math.min(this.least, leastBefore);
        return least == Long.MAX_VALUE ? 0 : least;
    }

    long timeout() {
        long base = known()
                ? Math.max(options.retransmitMin(), smoothed + Math.max(MILLI, 4 * variation))
                : options.retransmitStart();
        return Math.min(options.retransmitMax(), (base << Math.min(backoff, 16)) + jitter);
    }

    /** After this silence the newest payload is sent again, to learn what became of those before it. */
    long probe() {
        return 2 * smoothed + 4 * variation + options.ackDelay() + 20 * MILLI;
    }

    /** Waits longer next time, and not exactly as long as another stream that lost at the same moment. */
    void backOff(long random) {
        backoff++;
        jitter = (random & 0x7F) * MILLI;
    }

    void forgetBackoff() {
        backoff = 0;
        jitter = 0;
    }

    int backoff() {
        return backoff;
    }
}
