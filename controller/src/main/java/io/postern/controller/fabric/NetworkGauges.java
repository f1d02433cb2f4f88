package io.postern.controller.fabric;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.postern.controller.channel.Connections;
import io.postern.controller.hosting.Terminators;
import io.postern.controller.link.KnownLink;
import io.postern.controller.link.Links;
import io.postern.controller.network.NetworkLoop;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How many routers, links and terminators there are. Counted on the network loop, in passing. */
@Singleton
@Startup
class NetworkGauges {
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final AtomicInteger linksUp = new AtomicInteger();
    private final AtomicInteger hosted = new AtomicInteger();

    NetworkGauges(
            MeterRegistry registry,
            NetworkLoop network,
            Connections connections,
            Links links,
            Terminators terminators) {
        registry.gauge(
                "postern.routers.connected",
                connections,
                each -> each.connected().size());
        registry.gauge(
                "postern.channels",
                Tags.of("kind", "control"),
                connections,
                each -> each.connected().size());
        registry.gauge("postern.links", linksUp);
        registry.gauge("postern.terminators", hosted);
        network.every(PERIOD, () -> {
            linksUp.set((int) links.all().stream().filter(KnownLink::usable).count());
            hosted.set(terminators.all().size());
        });
    }
}
