package io.postern.wsproxy.boot;

import io.postern.wsproxy.engine.Containers;
import io.postern.wsproxy.hub.Consoles;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Ready while consoles may be opened. What is wrong is said in words. */
@Singleton
public class ProxyHealth {
    private final ServerKeys keys;
    private final Containers containers;
    private final Consoles consoles;
    private volatile boolean draining;

    ProxyHealth(
            @io.smallrye.common.annotation.Identifier(ServerKeys.NAME) ServerKeys keys,
            Containers containers,
            Consoles consoles) {
        this.keys = keys;
        this.containers = containers;
        this.consoles = consoles;
    }

    void draining() {
        draining = true;
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready() {
        return () -> {
            var answer = HealthCheckResponse.named("consoles")
                    .withData("present", consoles.present().size())
                    .withData("hosts", containers.hosts().size());
            if (draining) {
                return answer.withData("reason", "the process is ending").down().build();
            }
            return answer.up().build();
        };
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck certificate() {
        return () -> {
            Instant end = keys.end();
            var answer = HealthCheckResponse.named("certificate").withData("until", end.toString());
            return Instant.now().isBefore(end)
                    ? answer.up().build()
                    : answer.withData("reason", "the server certificate has ended")
                            .down()
                            .build();
        };
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named("ws-proxy").up().build();
    }
}
