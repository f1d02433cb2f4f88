package io.postern.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MeasureTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    private void registerAll() {
        Measure.gauge("up", count::sum).register(registry);
        Measure.counter("grown", count::sum).labelled("cause", "OF_THIS").register(registry);
        Measure.timing("took", count::sum, nanos::sum).register(registry);
    }

    /** Nobody but the registry keeps a measure; whatever was unreachable is collected when this returns. */
    private static void collect() {
        WeakReference<Object> gone = new WeakReference<>(new Object());
        while (gone.get() != null) {
            System.gc();
        }
    }

    @Test
    @Timeout(60)
    void numbersGoOnWhenNobodyElseKeepsTheMeasure() {
        registerAll();
        collect();
        count.add(3);
        nanos.add(TimeUnit.MILLISECONDS.toNanos(12));
        assertThat(registry.get("up").gauge().value()).isEqualTo(3);
        assertThat(registry.get("grown")
                        .tag("cause", "OF_THIS")
                        .functionCounter()
                        .count())
                .isEqualTo(3);
        assertThat(registry.get("took").functionTimer().count()).isEqualTo(3);
        assertThat(registry.get("took").functionTimer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(12);
    }
}
