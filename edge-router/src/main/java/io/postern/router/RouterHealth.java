package io.postern.router;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once ports are open and a data model is there, from a controller or from disk: a router authorises while no controller
 * answers. Whether controllers are connected is shown, and is no reason to take the router out; that it is about to stop is. Of several routers in the process, all have to be.
 */
@Singleton
public final class RouterHealth {
    private volatile List<RouterNode> nodes = List.of();

    void watch(List<RouterNode> running) {
        nodes = running;
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready() {
        return () -> {
            List<RouterNode> running = nodes;
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("router");
            running.forEach(node -> tell(node, running.size() == 1 ? "" : node.routerId() + ".", answer));
            return answer.status(!running.isEmpty() && running.stream().allMatch(RouterHealth::isReady))
                    .build();
        };
    }

    private static void tell(RouterNode node, String prefix, HealthCheckResponseBuilder answer) {
        answer.withData(prefix + "routerId", node.routerId())
                .withData(
                        prefix + "controllers",
                        node.controllers().connectedPeers().size())
                .withData(prefix + "links", node.links().count())
                .withData(prefix + "modelIndex", node.model().index())
                .withData(prefix + "draining", node.isDraining());
    }

    private static boolean isReady(RouterNode node) {
        return node.model().ready() && !node.isDraining();
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named("router").up().build();
    }
}
