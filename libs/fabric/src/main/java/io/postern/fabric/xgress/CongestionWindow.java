package io.postern.fabric.xgress;

/**
 * How many bytes may be in flight. Grows as long as the path keeps up, and shrinks for loss and, more gently, for delay:
 * many Circuits share one Link and one transit queue, and a standing queue there helps none of them.
 *
 * <ul>
 *   <li>Slow start doubles each round until loss, or until the least round trip of a round rises clearly (HyStart++,
 *       RFC 9406).
 *   <li>Then each round adds a step of a 32nd of the window, between 2 and 64 KiB, unless the queue is long enough.
 *   <li>A round with loss multiplies by 0.7, once; a round over a queue above its target shrinks by half the excess, at
 *       most 0.15; a timeout falls to the floor.
 * </ul>
 *
 * A round ends when something sent after its beginning is acknowledged. Confined to its engine.
 */
final class CongestionWindow {
    private static final long MILLI = 1_000_000L;
    private static final int STEP_MIN = 2 * 1024;
    private static final int STEP_MAX = 64 * 1024;
    private static final double LOSS = 0.7;
    private static final double DELAY_MOST = 0.15;

    private final int floor;
    private final int ceiling;
    private long window;
    private long threshold = Long.MAX_VALUE;
    private long credit;
    private long roundEnd;
    private long roundLeast = Long.MAX_VALUE;
    private int roundSamples;
    private long recoveryEnd;
    private boolean crowded;

    CongestionWindow(XgressOptions options) {
        this.floor = options.windowMin();
        this.ceiling = options.windowMax();
        this.window = options.windowStart();
    }

    long bytes() {
        return window;
    }

    boolean slowStart() {
        return window < threshold;
    }

    /**
     * @param bytes newly acknowledged
     * @param sample round trip of the newest of them, or 0
     * @param least round trip of the empty path
     * @param order which transmission of all was acknowledged; {@code next} is the number of the next one
     * @param limited whether the window was what held the sender back
     */
    void acknowledged(int bytes, long sample, long least, long order, long next, boolean limited) {
        if (sample > 0) {
            roundLeast = Math.min(roundLeast, sample);
            roundSamples++;
        }
        if (limited) {
            grow(bytes);
        }
        if (order >= roundEnd) {
            endRound(least);
            roundEnd = next;
        }
    }

    private void grow(int bytes) {
        if (slowStart()) {
            window += bytes;
        } else if (!crowded) {
            credit += (long) bytes * Math.clamp(window / 32, STEP_MIN, STEP_MAX);
            window += credit / window;
            credit %= window;
        }
        window = Math.min(window, ceiling);
    }

    private void endRound(long least) {
        if (roundSamples > 0 && least > 0) {
            long queue = roundLeast - least;
            if (slowStart() && roundSamples >= 4 && queue > Math.clamp(least / 8, 4 * MILLI, 16 * MILLI)) {
                threshold = window;
            }
            long target = 10 * MILLI + least / 4;
            crowded = queue > target;
            if (crowded) {
                double excess = (double) (queue - target) / roundLeast;
                shrink(1 - Math.min(DELAY_MOST, excess / 2));
            }
        }
        roundLeast = Long.MAX_VALUE;
        roundSamples = 0;
    }

    /** A transmission was lost; those sent before the last reduction say nothing new. */
    void lost(long order, long next) {
        if (order >= recoveryEnd) {
            recoveryEnd = next;
            shrink(LOSS);
        }
    }

    private void shrink(double factor) {
        window = Math.max(floor, (long) (window * factor));
        threshold = window;
        credit = 0;
    }

    /** Nothing came back for a whole timeout. */
    void timedOut(long next) {
        threshold = Math.max(2L * floor, window / 2);
        window = floor;
        credit = 0;
        recoveryEnd = next;
    }

    /** After a pause the path is unknown again: no burst of a window that was earned long ago. */
    void idle(int start) {
        window = Math.max(Math.min(window, start), floor);
    }
}
