package io.postern.transport;

/** Nanoseconds that never go back, near the unix time, because they travel as heartbeat stamps. */
final class Clocks {
    private static final long ANCHOR = System.currentTimeMillis() * 1_000_000L - System.nanoTime();

    private Clocks() {}

    static long nanos() {
        return ANCHOR + System.nanoTime();
    }
}
