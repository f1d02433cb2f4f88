package io.postern.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class CleanMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    CleanMetersTest() {
        registry.config().meterFilter(new CleanMeters());
    }

    @Test
    void describesOurMetersByTheirNames() {
        registry.counter("postern.circuit.failed", "cause", "NO_PATH");

        assertThat(only().getId().getDescription()).isEqualTo("Dials that came to no Circuit, by cause");
    }

    @Test
    void writesLabelsOfLibrariesInSnakeCase() {
        registry.counter("postgresql.completed", "clientNamespace", "it");

        assertThat(only().getId().getTags()).extracting("key").containsExactly("client_namespace");
    }

    @Test
    void takesQuotesOutOfHelp() {
        Gauge.builder("cpu", () -> 1).description("The \"recent\" use").register(registry);

        assertThat(only().getId().getDescription()).isEqualTo("The recent use");
    }

    @Test
    void givesNoGaugeTheSuffixOfACount() {
        Gauge.builder("system.cpu.count", () -> 2).register(registry);

        assertThat(only().getId().getName()).isEqualTo("system.cpus");
    }

    @Test
    void leavesOutWhatPrometheusWouldComplainOf() {
        LongTaskTimer.builder("http.server.connections").register(registry);
        FunctionCounter.builder("process.cpu.time", this, each -> 1)
                .baseUnit("ns")
                .register(registry);

        assertThat(registry.getMeters()).isEmpty();
    }

    private Meter only() {
        assertThat(registry.getMeters()).hasSize(1);
        return registry.getMeters().getFirst();
    }
}
