package io.postern.wsproxy.engine;

import static io.postern.wsproxy.engine.ReadCoalescing.ENOUGH;
import static io.postern.wsproxy.engine.ReadCoalescing.QUIET;
import static io.postern.wsproxy.engine.ReadCoalescing.REST;
import static io.postern.wsproxy.engine.ReadCoalescing.RUN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReadCoalescingTest {
    private static final int PIECE = 4096;

    private final ReadCoalescing coalescing = new ReadCoalescing();
    private long now = 1_000_000_000;

    private long read(int bytes, long sinceReadable) {
        now += sinceReadable;
        long rest = coalescing.rest(bytes, now);
        now += rest;
        return rest;
    }

    /** As many pieces as come at once before the first rest. */
    private int piecesAtOnce() {
        for (int pieces = 1; pieces < 1000; pieces++) {
            if (read(PIECE, 10_000) > 0) {
                return pieces;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void whatAnswersAKeyOrFillsAScreenComesAtOnce() {
        assertEquals(RUN / PIECE, piecesAtOnce(), "a screen, a listing, a page of a log");
        read(PIECE, QUIET + 1);
        assertEquals(RUN / PIECE - 1, piecesAtOnce(), "and the next after a moment of quiet, too");
    }

    @Test
    void aStreamThatGoesOnIsReadInTurns() {
        piecesAtOnce();
        for (int i = 0; i < 100; i++) {
            assertEquals(REST, read(ENOUGH / 2, 50_000));
        }
    }

    @Test
    void anEngineThatIsAheadIsReadAtOnce() {
        piecesAtOnce();
        assertEquals(0, read(ENOUGH, 50_000));
        assertEquals(REST, read(ENOUGH - 1, 50_000));
    }

    @Test
    void slowOutputIsNeverHeldUp() {
        for (int i = 0; i < 10_000; i++) {
            assertEquals(0, read(PIECE, QUIET + 1));
        }
    }
}
