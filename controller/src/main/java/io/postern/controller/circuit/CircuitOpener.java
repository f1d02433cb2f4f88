package io.postern.controller.circuit;

import io.netty.util.concurrent.ScheduledFuture;
import io.postern.controller.channel.Incoming;
import io.postern.controller.channel.RouterConnection;
import io.postern.controller.hosting.Terminators;
import io.postern.controller.link.Links;
import io.postern.controller.network.NetworkLoop;
import io.postern.fabric.path.Candidate;
import io.postern.fabric.path.CircuitPlan;
import io.postern.fabric.path.CircuitPlanner;
import io.postern.fabric.path.FailureCause;
import io.postern.fabric.path.PlanRequest;
import io.postern.fabric.path.Refusal;
import io.postern.wire.Header;
import io.postern.wire.ctrl.RouteResult;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes circuits: plan, tell all routers at once, await all of them, answer; a failed attempt is tried again with another
 * terminator. On the network loop. Source: fabric sheet 4.3.
 */
@Singleton
class CircuitOpener {
    private final NetworkLoop network;
    private final Links links;
    private final Terminators terminators;
    private final RouteSender sender;
    private final Circuits circuits;
    private final CircuitEvents events;
    private final CircuitConfig config;
    private final Map<String, Attempt> pending = new HashMap<>();

    /** A dial under way: what was tried and who has yet to answer. */
    private static final class Attempt {
        final Dial dial;
        final Set<String> tried = new HashSet<>();
        final String ingressAddress = CircuitIds.next();
        final Set<String> awaited = new HashSet<>();
        int number;
        Map<Integer, byte[]> peerData = Map.of();

        @Nullable
        CircuitPlan plan;

        @Nullable
        ScheduledFuture<?> timer;

        Attempt(Dial dial) {
            this.dial = dial;
        }

        void stopTimer() {
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }

    CircuitOpener(
            NetworkLoop network,
            Links links,
            Terminators terminators,
            RouteSender sender,
            Circuits circuits,
            CircuitEvents events,
            CircuitConfig config) {
        this.network = network;
        this.links = links;
        this.terminators = terminators;
        this.sender = sender;
        this.circuits = circuits;
        this.events = events;
        this.config = config;
    }

    boolean isPending(String circuitId) {
        return pending.containsKey(circuitId);
    }

    /** Dials under way. */
    int pendingCount() {
        return pending.size();
    }

    void open(Dial dial) {
        Attempt attempt = new Attempt(dial);
        pending.put(dial.circuitId(), attempt);
        attempt(attempt);
    }

    private void attempt(Attempt attempt) {
        Dial dial = attempt.dial;
        dial.stages().begun();
        List<Candidate> candidates = terminators.of(dial.service().id()).stream()
                .map(each -> each.candidate(links.isLeaving(each.routerId())))
                .toList();
        PlanRequest request = new PlanRequest(
                dial.circuitId(),
                attempt.number,
                dial.service().id(),
                dial.service().terminatorStrategy(),
                dial.ingress().routerId(),
                dial.instanceId(),
                candidates,
                attempt.tried,
                text(dial.peerData().get(Header.TERMINATOR_STICKINESS_TOKEN)),
                new PlanRequest.Ends(attempt.ingressAddress, CircuitIds.next()),
                ThreadLocalRandom.current().nextDouble());
        switch (CircuitPlanner.plan(links.view(), request)) {
            case Refusal refusal -> fail(attempt, DialFailure.of(refusal.cause(), refusal.text()));
            case CircuitPlan plan -> route(attempt, plan);
        }
    }

    private static String text(byte @Nullable [] value) {
        return value == null ? "" : new String(value, java.nio.charset.StandardCharsets.UTF_8);
    }

    private void route(Attempt attempt, CircuitPlan plan) {
        attempt.plan = plan;
        attempt.peerData = Map.of();
        attempt.dial.stages().planned();
        attempt.tried.add(plan.terminator().terminatorId());
        attempt.awaited.clear();
        attempt.awaited.addAll(plan.path().routers());
        var missing = sender.send(plan, attempt.dial, tags(attempt.dial, plan), config.routeTimeout());
        if (missing.isPresent()) {
            fail(
                    attempt,
                    DialFailure.of(FailureCause.NO_PATH, "router " + missing.get() + " lost its control channel"));
            return;
        }
        int number = attempt.number;
        attempt.timer = network.after(config.routeTimeout(), () -> timedOut(attempt, number));
    }

    private static Map<String, String> tags(Dial dial, CircuitPlan plan) {
        return Map.of(
                "clientId", dial.identity().id(),
                "hostId", plan.terminator().hostId(),
                "serviceId", dial.service().id());
    }

    /** A result of an attempt that is over, or of a circuit that is made, changes nothing here. */
    void result(Incoming<RouteResult> incoming) {
        RouteResult result = incoming.message();
        Attempt attempt = pending.get(result.circuitId());
        if (attempt == null
                || attempt.plan == null
                || attempt.number != result.attempt()
                || !attempt.awaited.contains(incoming.routerId())) {
            return;
        }
        attempt.dial.stages().answered(incoming.routerId());
        if (result.error() != null) {
            failed(
                    attempt,
                    incoming.routerId(),
                    FailureCause.ofRouteResult(result.error().number()),
                    result.reason());
            return;
        }
        attempt.awaited.remove(incoming.routerId());
        if (incoming.routerId().equals(attempt.plan.path().egress())) {
            attempt.peerData = result.peerData();
        }
        if (attempt.awaited.isEmpty()) {
            commit(attempt, attempt.plan);
        }
    }

    private void timedOut(Attempt attempt, int number) {
        if (pending.get(attempt.dial.circuitId()) == attempt && attempt.number == number) {
            failed(
                    attempt,
                    String.join(",", attempt.awaited),
                    FailureCause.ROUTER_RESPONSE_TIMEOUT,
                    "no answer within " + config.routeTimeout().toSeconds() + " s");
        }
    }

    private void failed(Attempt attempt, String routerId, FailureCause cause, String reason) {
        Dial dial = attempt.dial;
        attempt.stopTimer();
        events.attemptFailed(dial.circuitId(), attempt.number, routerId, cause, reason);
        CircuitPlan plan = java.util.Objects.requireNonNull(attempt.plan);
        sender.unroute(dial.circuitId(), plan.path().routers(), true);
        if (routerId.equals(plan.path().egress())) {
            blame(plan.terminator(), cause);
        }
        attempt.number++;
        if (attempt.number < config.attempts() && dial.ingress().channel().isOpen()) {
            attempt(attempt);
            return;
        }
        fail(
                attempt,
                DialFailure.of(
                        cause,
                        "circuit " + dial.circuitId() + " failed after " + attempt.number + " attempts: router "
                                + routerId + ": " + reason));
    }

    private void blame(Candidate terminator, FailureCause cause) {
        terminators.find(terminator.terminatorId()).ifPresent(known -> {
            known.costs().failed();
            boolean soft = known.binding().equals("edge") || known.binding().equals("tunnel");
            if (cause == FailureCause.ROUTER_ERR_INVALID_TERMINATOR && soft) {
                terminators.remove(List.of(known), "its edge router says it is invalid");
            }
        });
    }

    private void fail(Attempt attempt, DialFailure failure) {
        attempt.stopTimer();
        pending.remove(attempt.dial.circuitId());
        refuse(attempt.dial, failure);
    }

    private void refuse(Dial dial, DialFailure failure) {
        events.failed(
                dial.circuitId(),
                dial.ingress().routerId(),
                dial.identity().id(),
                dial.service().id(),
                failure,
                dial.stages());
        dial.answer().refused(failure);
    }

    private void commit(Attempt attempt, CircuitPlan plan) {
        Dial dial = attempt.dial;
        attempt.stopTimer();
        pending.remove(dial.circuitId());
        dial.stages().routed();
        if (!dial.ingress().channel().isOpen()) {
            sender.unroute(dial.circuitId(), plan.path().routers(), true);
            return;
        }
        LiveCircuit circuit = new LiveCircuit(
                dial.circuitId(),
                dial.identity().id(),
                dial.service().id(),
                plan.terminator().terminatorId(),
                plan.ends(),
                plan.path(),
                Instant.now());
        circuits.opened(circuit, () -> answer(attempt, plan, circuit));
    }

    private void answer(Attempt attempt, CircuitPlan plan, LiveCircuit circuit) {
        Dial dial = attempt.dial;
        if (circuits.find(circuit.circuitId()).isEmpty()) {
            refuse(
                    dial,
                    DialFailure.of(
                            FailureCause.ROUTER_ERR_GENERIC,
                            "circuit " + circuit.circuitId() + " ended before it was made"));
            return;
        }
        dial.answer().created(circuit, peerData(attempt, plan), tags(dial, plan));
        events.created(circuit, dial.stages(), attempt.number + 1);
    }

    /** What the egress answered, what the host gave when it bound, and for sticky services where the dialer is now. */
    private Map<Integer, byte[]> peerData(Attempt attempt, CircuitPlan plan) {
        Map<Integer, byte[]> all = new HashMap<>();
        terminators.find(plan.terminator().terminatorId()).ifPresent(known -> all.putAll(known.peerData()));
        all.putAll(attempt.peerData);
        if (attempt.dial.service().terminatorStrategy().equals("sticky")) {
            all.put(
                    Header.TERMINATOR_STICKINESS_TOKEN,
                    plan.terminator().terminatorId().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return all;
    }

    /** Dials that wait for this router fail now instead of by their timer. */
    void routerLost(RouterConnection router) {
        for (Attempt each : List.copyOf(pending.values())) {
            if (each.awaited.contains(router.routerId())) {
                failed(
                        each,
                        router.routerId(),
                        FailureCause.ROUTER_RESPONSE_TIMEOUT,
                        "router lost its control channel");
            }
        }
    }
}
