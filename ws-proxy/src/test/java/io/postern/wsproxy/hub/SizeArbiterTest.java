package io.postern.wsproxy.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SizeArbiterTest {
    private final SizeArbiter arbiter = new SizeArbiter();

    @Test
    void nothingIsOrderedBeforeTheProcessRuns() {
        arbiter.wish("a", new Size(80, 24));
        assertEquals(Optional.empty(), arbiter.order(0));
        assertEquals(Optional.empty(), arbiter.waits(0));
        arbiter.ready();
        assertEquals(Optional.of(new Size(80, 24)), arbiter.order(0));
    }

    @Test
    void theSmallestCommonSizeWinsAndGrowsBack() {
        arbiter.ready();
        arbiter.wish("a", new Size(80, 50));
        arbiter.wish("b", new Size(120, 24));
        assertEquals(Optional.of(new Size(80, 24)), arbiter.wanted());
        arbiter.gone("a");
        assertEquals(Optional.of(new Size(120, 24)), arbiter.wanted());
        arbiter.gone("b");
        assertEquals(Optional.empty(), arbiter.order(0));
    }

    @Test
    void ordersComeOneByOneAndTenASecond() {
        arbiter.ready();
        int orders = 0;
        for (long now = 0; now < 1_000_000_000L; now += 1_000_000) {
            arbiter.wish("a", new Size(80 + (int) (now / 1_000_000), 24));
            if (arbiter.order(now).isPresent()) {
                orders++;
                assertEquals(Optional.empty(), arbiter.order(now), "one is on its way");
                arbiter.done();
            }
        }
        assertEquals(10, orders);
        assertEquals(Optional.of(1_000_000L), arbiter.waits(999_000_000L));
        assertEquals(Optional.of(new Size(1079, 24)), arbiter.order(1_000_000_000L));
        arbiter.done();
        assertEquals(Optional.empty(), arbiter.waits(2_000_000_000L), "it has that size");
    }
}
