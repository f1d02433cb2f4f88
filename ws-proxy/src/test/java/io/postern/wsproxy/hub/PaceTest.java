package io.postern.wsproxy.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long RING = 1024 * 1024;
    private static final long MILLI = 1_000_000;
    private static final long STALL = 500 * MILLI;
    private static final int STEP = 10;

    /** A viewer that takes so many bytes each step, and skips what the ring has forgotten. */
    private static final class Walker {
        private final Pace.Runner runner = new Pace.Runner();
        private long speed;
        private long position;
        private long taken;
        private long skipped;

        Walker(long speed) {
            this.speed = speed;
        }

        void walk(long end) {
            if (position < end - RING) {
                skipped += end - RING - position;
                position = end - RING;
            }
            long some = Math.min(speed, end - position);
            position += some;
            taken += some;
            runner.at(taken, end - position);
        }
    }

    private final Pace pace = new Pace(RING, STALL);
    private final List<Walker> walkers = new ArrayList<>();
    private long now = 1;
    private long end;
    private long stopped;
    private long longestStop;

    private Walker walker(long speed) {
        Walker walker = new Walker(speed);
        walkers.add(walker);
        return walker;
    }

    private void print(long seconds) {
        printFor(seconds * 1000);
    }

    /** The process prints as fast as it is read: 1 MiB in ten steps. */
    private void printFor(long millis) {
        for (long step = 0; step < millis / STEP; step++) {
            now += STEP * MILLI;
            walkers.forEach(walker -> walker.walk(end));
            if (pace.holds(walkers.stream().map(walker -> walker.runner).toList(), now)) {
                stopped += STEP;
                longestStop = Math.max(longestStop, stopped);
            } else {
                stopped = 0;
                end += RING / 10;
            }
        }
    }

    @Test
    void nobodyIsWaitedForWhoKeepsUp() {
        Walker quick = walker(RING);
        print(60);
        assertEquals(0, longestStop);
        assertEquals(0, quick.skipped);
    }

    @Test
    void aReaderSetsThePaceAndMissesNothingBesideOneThatSleeps() {
        Walker asleep = walker(0);
        Walker reader = walker(RING / 100); // a MiB a second, a tenth of what is printed
        print(600);
        assertEquals(0, reader.skipped);
        assertTrue(reader.taken > 590 * RING, "taken " + reader.taken);
        assertTrue(asleep.skipped > 590 * RING);
        assertTrue(longestStop < 1_000, "stopped for " + longestStop);
    }

    @Test
    void aViewerThatSleepsStopsTheProcessOnce() {
        walker(0);
        print(60);
        assertEquals(STALL / MILLI, longestStop);
        assertTrue(end > 59 * 10 * RING, "printed " + end);
    }

    @Test
    void viewersThatAllFallAsleepInAFloodHoldItNoLongerThanOneThatNeverRead() {
        Walker one = walker(RING / 100);
        Walker other = walker(RING / 50);
        print(10);
        one.speed = 0;
        other.speed = 0;
        stopped = 0;
        longestStop = 0;
        print(60);
        assertTrue(longestStop <= STALL / MILLI, "stopped for " + longestStop);
        assertTrue(one.skipped > 500 * RING, "skipped " + one.skipped);
    }

    @Test
    void aReaderIsNotTakenForAsleepBecauseItsTurnsAreFarApart() {
        Walker reader = walker(0);
        for (int i = 0; i < 200; i++) {
            reader.speed = RING;
            printFor(STEP);
            reader.speed = 0;
            printFor(300);
        }
        assertEquals(0, reader.skipped);
    }

    @Test
    void aViewerThatCrawlsIsSkippedAndDoesNotSlowTheProcess() {
        Walker crawls = walker(RING / 4 / (2_000 / STEP) / 2); // half of what is waited for
        print(600);
        assertTrue(crawls.skipped > 500 * RING, "skipped " + crawls.skipped);
        assertTrue(end > 590 * 10 * RING, "printed " + end);
    }

    @Test
    void theSlowestThatIsWaitedForStillLetsTheProcessGoOn() {
        Walker slow = walker(RING / 4 / (2_000 / STEP) * 2);
        print(600);
        assertEquals(0, slow.skipped);
        assertTrue(longestStop <= Pace.PATIENCE / MILLI);
        assertTrue(end >= 600 * RING / 8, "printed " + end);
    }

    @Test
    void whoFellAsleepIsWaitedForAgainWhenItReadsAgain() {
        Walker walker = walker(0);
        print(10);
        walker.speed = RING / 100;
        print(10);
        long before = walker.skipped;
        print(60);
        assertEquals(before, walker.skipped);
        walkers.clear();
        print(1);
        assertFalse(pace.holds(List.of(), now));
    }

    @Test
    void sleepersThatTakeTurnsDoNotStopTheProcess() {
        for (int i = 0; i < 16; i++) {
            walker(0);
        }
        print(60);
        assertTrue(longestStop <= Pace.PATIENCE / MILLI);
        long before = end;
        for (int i = 0; i < 16; i++) {
            walkers.forEach(walker -> walker.speed = 0);
            walkers.get(i).speed = RING;
            print(1);
            walkers.get(i).speed = 0;
            print(5);
        }
        assertTrue(longestStop <= Pace.PATIENCE / MILLI, "stopped for " + longestStop);
        assertTrue(end - before > 16 * 3 * 10 * RING, "printed " + (end - before));
    }
}
