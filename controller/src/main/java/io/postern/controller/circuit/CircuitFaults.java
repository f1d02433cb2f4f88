package io.postern.controller.circuit;

import io.postern.controller.channel.ControlFeature;
import io.postern.controller.channel.ControlHandlers;
import io.postern.controller.channel.Incoming;
import io.postern.controller.channel.RouterConnection;
import io.postern.controller.link.Links;
import io.postern.controller.model.Entry;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.network.NetworkLoop;
import io.postern.controller.replica.Replicas;
import io.postern.fabric.path.ReroutePlan;
import io.postern.wire.ContentType;
import io.postern.wire.ctrl.RouteResult;
import io.postern.wire.ctrl.pb.CircuitConfirmation;
import io.postern.wire.ctrl.pb.Fault;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What routers report of circuits: results, faults, and the idle ones they are not sure of. Source: fabric sheet 4.5. */
@Singleton
public class CircuitFaults implements ControlFeature {
    /** A second forward fault of the same router so soon means that rerouting did not help. */
    private static final long HOPELESS_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final CircuitOpener opener;
    private final Circuits circuits;
    private final CircuitStore store;
    private final RouteSender sender;
    private final Links links;
    private final ModelFeed feed;
    private final NetworkLoop network;
    private final Replicas replicas;
    private final Map<String, Long> forwardFaults = new HashMap<>();

    CircuitFaults(
            CircuitOpener opener,
            Circuits circuits,
            CircuitStore store,
            RouteSender sender,
            Links links,
            ModelFeed feed,
            NetworkLoop network,
            Replicas replicas) {
        this.opener = opener;
        this.circuits = circuits;
        this.store = store;
        this.sender = sender;
        this.links = links;
        this.feed = feed;
        this.network = network;
        this.replicas = replicas;
        network.every(
                Duration.ofMinutes(1),
                () -> forwardFaults.values().removeIf(at -> System.nanoTime() - at > HOPELESS_NANOS));
    }

    @Override
    public void register(ControlHandlers handlers) {
        handlers.onFrame(ContentType.ROUTE_RESULT, RouteResult::read, this::result);
        handlers.on(ContentType.FAULT, Fault.parser(), this::fault);
        handlers.on(ContentType.CIRCUIT_CONFIRMATION, CircuitConfirmation.parser(), this::confirm);
    }

    @Override
    public void disconnected(RouterConnection router) {
        opener.routerLost(router);
        circuits.routerLost(router.routerId());
    }

    private void result(Incoming<RouteResult> result) {
        if (result.message().attempt() != ReroutePlan.ATTEMPT) {
            opener.result(result);
        } else if (result.message().error() != null) {
            circuits.find(result.message().circuitId())
                    .filter(circuit -> circuit.path().visits(result.routerId()))
                    .ifPresent(circuit -> circuits.end(
                            circuit.circuitId(),
                            true,
                            "router " + result.routerId() + " could not be rerouted: "
                                    + result.message().reason()));
        }
    }

    private void fault(Incoming<Fault> fault) {
        switch (fault.message().getSubject()) {
            case LinkFault, LinkDuplicate -> links.fault(fault);
            case IngressFault, EgressFault -> ended(fault);
            case ForwardFault, UnknownOwnerForwardFault ->
                forwardFault(fault.from(), List.of(fault.message().getId().split(" ")));
            case UNRECOGNIZED -> {}
        }
    }

    /** An end closed. While the circuit is being made, the route's result tells it better. */
    private void ended(Incoming<Fault> fault) {
        String id = fault.message().getId();
        if (opener.isPending(id)) {
            return;
        }
        boolean elsewhere = circuits.find(id).isEmpty()
                && !circuits.isRecentlyEnded(id)
                && replicas.known().all().size() > 1;
        if (elsewhere) {
            // the router does not reach the controller that has it
            circuits.takeOver(id).thenRun(() -> end(id, fault));
        } else {
            end(id, fault);
        }
    }

    private void end(String id, Incoming<Fault> fault) {
        boolean known = circuits.find(id)
                .filter(circuit -> circuit.path().visits(fault.routerId()))
                .isPresent();
        if (known) {
            circuits.end(id, false, fault.message().getSubject() + " of router " + fault.routerId());
        } else {
            sender.unroute(id, List.of(fault.routerId()), false);
        }
    }

    private void forwardFault(RouterConnection router, List<String> ids) {
        List<String> unknown = new ArrayList<>();
        for (String id : ids) {
            LiveCircuit circuit = circuits.find(id).orElse(null);
            if (circuit == null) {
                if (!opener.isPending(id) && CircuitIds.isPlausible(id)) {
                    unknown.add(id);
                }
            } else if (!circuit.path().visits(router.routerId())) {
                sender.unroute(id, List.of(router.routerId()), true);
            } else if (isRepeated(router.routerId() + " " + id)) {
                circuits.end(id, true, "router " + router.routerId() + " still cannot forward");
            } else {
                circuits.want(id, "forward fault of router " + router.routerId());
            }
        }
        unrouteUnknown(router, unknown);
    }

    private boolean isRepeated(String key) {
        long now = System.nanoTime();
        Long before = forwardFaults.put(key, now);
        return before != null && now - before < HOPELESS_NANOS;
    }

    /** Circuits another controller keeps, or this one has yet to read, are left alone. */
    private void unrouteUnknown(RouterConnection router, List<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        store.known(ids)
                .onSuccess(known -> network.run(() -> ids.stream()
                        .filter(id -> !known.contains(id))
                        .filter(id -> circuits.find(id).isEmpty() && !opener.isPending(id))
                        .forEach(id -> sender.unroute(id, List.of(router.routerId()), true))));
    }

    private void confirm(Incoming<CircuitConfirmation> confirmation) {
        CircuitConfirmation message = confirmation.message();
        List<String> unknown = new ArrayList<>();
        for (String id : message.getCircuitIdsList()) {
            LiveCircuit circuit = circuits.find(id).orElse(null);
            if (circuit == null) {
                if (!opener.isPending(id)) {
                    unknown.add(id);
                }
            } else if (isIdleTooLong(circuit, message.getIdleTimesOrDefault(id, 0))) {
                circuits.end(id, true, "idle for longer than the service allows");
            }
        }
        unrouteUnknown(confirmation.from(), unknown);
    }

    private boolean isIdleTooLong(LiveCircuit circuit, long idleNanos) {
        return feed.model()
                .find(Entry.Service.class, circuit.serviceId())
                .filter(service -> service.maxIdleMillis() > 0
                        && TimeUnit.NANOSECONDS.toMillis(idleNanos) > service.maxIdleMillis())
                .isPresent();
    }
}
