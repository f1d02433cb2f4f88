package io.postern.wsproxy.hub;

import java.util.Collection;

/**
 * Whether a container's main process is held up for those who look at it. The fastest viewer sets the pace: while every one is
 * far behind, the engine's stream is not read, so that one that does read misses nothing. But nobody can stop the process: a
 * hold lasts {@link #PATIENCE} at most, and the stall when nobody takes a byte in it. Who has not caught up by then is waited
 * for no more until it has, or until it takes a quarter of the ring in {@link #PATIENCE} again. So output goes on at no less than
 * a quarter of the ring each {@link #PATIENCE}, however many viewers are slow, and viewers that all sleep hold it once, for
 * the stall. Pure; confined to one thread; times are nanoseconds of any one clock.
 */
final class Pace {
    /** 128 KiB a second with a ring of 1 MiB. */
    static final long PATIENCE = 2_000_000_000L;

    private final long far;
    private final long near;
    private final long stall;
    private boolean holding;
    private long since;
    private long moved;
    private long taken;

    /**
     * @param ring its capacity
     * @param stall nanoseconds: longer than a busy machine leaves a client that reads without its turn, as nothing else tells
     *     it from one that sleeps
     */
    Pace(long ring, long stall) {
        this.stall = stall;
        this.far = ring / 2;
        this.near = ring / 4;
    }

    /** One viewer's part in it. */
    static final class Runner {
        private boolean waitedFor = true;
        private long behind;
        private long taken;
        private long mark;
        private long marked;

        /** @param taken bytes that it was shown in all @param behind weight of what it was not shown yet */
        void at(long taken, long behind) {
            this.taken = taken;
            this.behind = behind;
        }

        private void judge(long near, long now) {
            if (waitedFor) {
                return;
            }
            if (behind < near || taken - mark >= near && now - marked < PATIENCE) {
                waitedFor = true;
            } else if (now - marked >= PATIENCE) {
                mark = taken;
                marked = now;
            }
        }

        private void giveUp(long now) {
            waitedFor = false;
            mark = taken;
            marked = now;
        }
    }

    /** @param runners those who are there, as they stand now @return is the stream to be left unread? */
    boolean holds(Collection<Runner> runners, long now) {
        long fastest = Long.MAX_VALUE;
        long sum = 0;
        for (Runner runner : runners) {
            runner.judge(near, now);
            if (runner.waitedFor) {
                fastest = Math.min(fastest, runner.behind);
                sum += runner.taken;
            }
        }
        if (!holding || sum != taken) {
            moved = now;
            taken = sum;
        }
        boolean somebody = fastest != Long.MAX_VALUE;
        if (!holding) {
            holding = somebody && fastest > far;
            since = now;
        } else if (!somebody || fastest < near) {
            holding = false;
        } else if (left(now) == 0) {
            holding = false;
            runners.stream().filter(runner -> runner.waitedFor).forEach(runner -> runner.giveUp(now));
        }
        return holding;
    }

    /** While it holds: nanoseconds until it does no longer, unless somebody takes something. */
    long left(long now) {
        return Math.max(0, Math.min(since + PATIENCE, moved + stall) - now);
    }
}
