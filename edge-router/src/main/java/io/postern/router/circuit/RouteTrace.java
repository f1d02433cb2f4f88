package io.postern.router.circuit;

import io.postern.trace.Span;
import io.postern.trace.Traces;
import io.postern.wire.ctrl.pb.Route;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a trace tells of one Route at this router: its part of the path, and the terminator's dial where it is the egress. */
final class RouteTrace {
    private final long began = System.nanoTime();
    private volatile long dialed;

    /** The terminator is dialed from now on. */
    void dials() {
        dialed = System.nanoTime();
    }

    /** @param error why the Route failed, or null */
    void tell(Route route, @Nullable String error) {
        Traces traces = Traces.of("postern-edge-router");
        if (!traces.areOn()) {
            return;
        }
        // a router does not say who it is here; the addresses of its part tell it apart from the others of the path
        String at = route.getAttempt() + " "
                + route.getForwardsList().stream()
                        .map(Route.Forward::getSrcAddress)
                        .sorted()
                        .collect(Collectors.joining(" "));
        long now = System.nanoTime();
        Span.Stage routed = Span.Stage.routed(at);
        Map<String, String> facts = Map.of(
                "circuitId", route.getCircuitId(),
                "attempt", String.valueOf(route.getAttempt()),
                "egress", String.valueOf(route.hasEgress()));
        traces.span(route.getCircuitId(), routed, Span.Stage.CREATE, began, now, facts, error);
        if (dialed != 0) {
            Map<String, String> binding = Map.of("binding", route.getEgress().getBinding());
            traces.span(route.getCircuitId(), Span.Stage.terminator(at), routed, dialed, now, binding, error);
        }
    }
}
