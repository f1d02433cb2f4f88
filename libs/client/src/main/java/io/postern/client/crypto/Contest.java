package io.postern.client.crypto;

import org.jspecify.annotations.Nullable;

/**
 * Which of two ways is the faster one in this process, the platform's cipher or our own authenticator beside its key stream.
 * No question to the JVM tells: the platform's wins by half where its authenticator is made of vector instructions (x86-64 with
 * AVX-512, newer JVMs on more), once the second compiler has put them in, and loses elsewhere and in executables. So both take
 * turns until there was time to compile either, and the one with the best time for a byte has won for good. Any thread.
 */
final class Contest {
    /** Of this process. */
    static final Contest OF_PROCESS = new Contest();

    /** Records that take turns. The second compiler takes a method that was called some thousand times, and has other work. */
    private static final int TURNS = 16_000;

    private double ours = Double.MAX_VALUE;
    private double theirs = Double.MAX_VALUE;
    private int turns;
    private volatile @Nullable Boolean decided;

    /** One that is over; for tests. */
    static Contest over(boolean platform) {
        Contest over = new Contest();
        over.decided = platform;
        return over;
    }

    /** Should the next record of this length go by the platform's cipher? */
    boolean choosesPlatform(int length) {
        if (!PlatformRecords.suits(length)) {
            return false;
        }
        Boolean over = decided;
        return over != null ? over : nextTurn();
    }

    private synchronized boolean nextTurn() {
        if (++turns == TURNS) {
            decided = theirs < ours;
        }
        return turns % 2 == 0;
    }

    /** When a record begins, for {@link #took}; nobody looks at the clock once it is over. */
    long begin() {
        return decided == null ? System.nanoTime() : 0;
    }

    void took(boolean platform, int length, long begun) {
        if (begun != 0 && PlatformRecords.suits(length)) {
            note(platform, (double) (System.nanoTime() - begun) / length);
        }
    }

    private synchronized void note(boolean platform, double each) {
        if (platform) {
            theirs = Math.min(theirs, each);
        } else {
            ours = Math.min(ours, each);
        }
    }
}
