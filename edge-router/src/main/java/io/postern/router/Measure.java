package io.postern.router;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A number for metrics, read when it is asked for. Labels take their values from enums and other short lists, never from
 * what a peer says.
 *
 * @param nanos of all events together, for timings; zero else
 */
record Measure(String name, Tags labels, Kind kind, LongSupplier value, LongSupplier nanos) {
    private static final LongSupplier NONE = () -> 0;

    enum Kind {
        /** Goes up and down. */
        GAUGE,
        /** Only grows. */
        COUNTER,
        /** Counts events and adds up what they took. */
        TIMING
    }

    static Measure gauge(String name, LongSupplier value) {
        return new Measure(name, Tags.empty(), Kind.GAUGE, value, NONE);
    }

    static Measure counter(String name, LongSupplier value) {
        return new Measure(name, Tags.empty(), Kind.COUNTER, value, NONE);
    }

    static Measure timing(String name, LongSupplier count, LongSupplier nanos) {
        return new Measure(name, Tags.empty(), Kind.TIMING, count, nanos);
    }

    /** One counter for each cause. */
    static <C extends Enum<C>> List<Measure> counters(String name, EnumMap<C, LongAdder> causes) {
        List<Measure> all = new ArrayList<>();
        causes.forEach((cause, count) -> all.add(counter(name, count::sum).labelled("cause", cause.name())));
        return all;
    }

    Measure labelled(String label, String text) {
        return new Measure(name, labels.and(label, text), kind, value, nanos);
    }

    /**
     * A meter of a function holds what it asks weakly, and stands still when that is gone. It asks the registry, which lives as long
     * as its meters do, through a function, which is held.
     */
    void register(MeterRegistry registry) {
        switch (kind) {
            case GAUGE -> Gauge.builder(name, value::getAsLong).tags(labels).register(registry);
            case COUNTER ->
                FunctionCounter.builder(name, registry, any -> value.getAsLong())
                        .tags(labels)
                        .register(registry);
            case TIMING ->
                FunctionTimer.builder(
                                name,
                                registry,
                                any -> value.getAsLong(),
                                any -> nanos.getAsLong(),
                                TimeUnit.NANOSECONDS)
                        .tags(labels)
                        .register(registry);
        }
    }
}
