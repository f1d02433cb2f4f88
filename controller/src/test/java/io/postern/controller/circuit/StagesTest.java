package io.postern.controller.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class StagesTest {
    private static final Duration FIRST = Duration.ofMillis(300);

    /** Finding a path takes microseconds, however long a router of the attempt before kept its answer. */
    @Test
    void anAttemptThatFailedIsNoneOfTheLastOnesPath() {
        long arrived = System.nanoTime();
        Stages stages = new Stages(arrived);
        stages.permitted();
        stages.begun();
        stages.planned();
        while (System.nanoTime() - arrived < FIRST.toNanos()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        long failed = System.nanoTime();
        stages.begun();
        stages.planned();
        long planned = System.nanoTime();
        stages.routed();
        assertThat(stages.path()).isBetween(0L, planned - failed);
        assertThat(stages.total()).isGreaterThan(FIRST.toNanos());
    }
}
