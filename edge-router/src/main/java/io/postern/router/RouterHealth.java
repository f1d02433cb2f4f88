package io.postern.router;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Ready once ports are open and a data model is there, from a controller or from disk: a router authorises while no controller
 * answers. Whether controllers are connected is shown, and is no reason to take the router out; that it is about to stop is.
 */
@Singleton
public final class RouterHealth {
    private volatile @Nullable RouterNode node;

    void watch(RouterNode running) {
        node = running;
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready() {
        return () -> {
            RouterNode running = node;
            if (running == null) {
                return HealthCheckResponse.named("router").down().build();
            }
            return HealthCheckResponse.named("router")
                    .withData("routerId", running.routerId())
                    .withData(
                            "controllers",
                            running.controllers().connectedPeers().size())
                    .withData("links", running.links().count())
                    .withData("modelIndex", running.model().index())
                    .withData("draining", running.isDraining())
                    .status(running.model().ready() && !running.isDraining())
                    .build();
        };
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named("router").up().build();
    }
}
