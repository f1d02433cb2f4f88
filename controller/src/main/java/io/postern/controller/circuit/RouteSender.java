package io.postern.controller.circuit;

import com.google.protobuf.ByteString;
import io.postern.controller.channel.Connections;
import io.postern.controller.channel.RouterConnection;
import io.postern.fabric.path.CircuitPlan;
import io.postern.fabric.path.ReroutePlan;
import io.postern.fabric.path.RouterRoute;
import io.postern.wire.ContentType;
import io.postern.wire.ctrl.pb.Context;
import io.postern.wire.ctrl.pb.DestType;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.ctrl.pb.Unroute;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends routes and takes them back. Everything for one router leaves in the order of the calls, so a later attempt never
 * arrives before an earlier one. On the network loop.
 */
@Singleton
class RouteSender {
    private final Connections connections;

    RouteSender(Connections connections) {
        this.connections = connections;
    }

    /** To all routers of the plan, or to none when one is not connected: then its id is returned. */
    Optional<String> send(CircuitPlan plan, Dial dial, Map<String, String> tags, Duration timeout) {
        Map<String, RouterConnection> routers = new HashMap<>();
        for (RouterRoute each : plan.routes()) {
            Optional<RouterConnection> router = connections.with(each.routerId());
            if (router.isEmpty()) {
                return Optional.of(each.routerId());
            }
            routers.put(each.routerId(), router.get());
        }
        Context context = Context.newBuilder().putAllFields(dial.context()).build();
        for (RouterRoute each : plan.routes()) {
            Route.Builder route = route(plan.circuitId(), plan.attempt(), each, timeout)
                    .setContext(context)
                    .putAllTags(tags);
            if (each.egress() != null) {
                route.setEgress(egress(each.egress(), dial.peerData()));
            }
            routers.get(each.routerId()).send(ContentType.ROUTE, route.build());
        }
        return Optional.empty();
    }

    /** To the connected routers of the new path; those off it forget the circuit. */
    void send(String circuitId, ReroutePlan plan, Duration timeout) {
        for (RouterRoute each : plan.routes()) {
            connections
                    .with(each.routerId())
                    .ifPresent(router -> router.send(
                            ContentType.ROUTE,
                            route(circuitId, ReroutePlan.ATTEMPT, each, timeout).build()));
        }
        unroute(circuitId, plan.leave(), true);
    }

    private static Route.Builder route(String circuitId, int attempt, RouterRoute route, Duration timeout) {
        Route.Builder builder =
                Route.newBuilder().setCircuitId(circuitId).setAttempt(attempt).setTimeout(timeout.toNanos());
        for (RouterRoute.Forward each : route.forwards()) {
            builder.addForwards(Route.Forward.newBuilder()
                    .setSrcAddress(each.source())
                    .setDstAddress(each.destination())
                    .setDstType(DestType.forNumber(each.destinationType().ordinal())));
        }
        return builder;
    }

    private static Route.Egress egress(RouterRoute.Egress egress, Map<Integer, byte[]> peerData) {
        Route.Egress.Builder builder = Route.Egress.newBuilder()
                .setBinding(egress.binding())
                .setAddress(egress.address())
                .setDestination(egress.destination());
        peerData.forEach((id, value) -> builder.putPeerData(id, ByteString.copyFrom(value)));
        return builder.build();
    }

    /** @param now at once; otherwise the router lets what is under way drain */
    void unroute(String circuitId, Collection<String> routers, boolean now) {
        Unroute message =
                Unroute.newBuilder().setCircuitId(circuitId).setNow(now).build();
        routers.forEach(id -> connections.with(id).ifPresent(router -> router.send(ContentType.UNROUTE, message)));
    }
}
