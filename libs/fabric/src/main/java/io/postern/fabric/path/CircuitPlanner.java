package io.postern.fabric.path;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Chooses a terminator and a path, and writes the routes. Pure. Source: fabric sheet 4.1 to 4.5. */
public final class CircuitPlanner {
    private CircuitPlanner() {}

    /**
     * Plans a Circuit in this view of the network, or says as a {@link Refusal} which step had nothing left to choose from.
     *
     * @param request names the service, its terminators and the router that the dial came to
     */
    public static Planned plan(NetworkView view, PlanRequest request) {
        Optional<Strategy> strategy = Strategy.named(request.strategy());
        if (strategy.isEmpty()) {
            return new Refusal(
                    FailureCause.INVALID_STRATEGY,
                    "service " + request.serviceId() + " has unknown terminator strategy " + request.strategy());
        }
        List<Candidate> wanted = request.terminators().stream()
                .filter(each -> each.instanceId().equals(request.instanceId()))
                .toList();
        if (wanted.isEmpty()) {
            return new Refusal(FailureCause.NO_TERMINATORS, "service " + named(request) + " has no terminators");
        }
        List<Candidate> online =
                wanted.stream().filter(each -> view.has(each.routerId())).toList();
        if (online.isEmpty()) {
            return new Refusal(
                    FailureCause.NO_ONLINE_TERMINATORS,
                    "service " + named(request) + " has no online terminators: none of its " + wanted.size()
                            + " is on a connected router");
        }
        List<Strategy.Reachable> reachable = reachable(view, request, online);
        if (reachable.isEmpty()) {
            return new Refusal(
                    FailureCause.NO_PATH,
                    "no path from router " + request.ingressRouter() + " to any router hosting service "
                            + named(request));
        }
        return planned(request, strategy.get().pick(reachable, request.stickyToken(), request.chance()));
    }

    private static String named(PlanRequest request) {
        return request.instanceId().isEmpty() ? request.serviceId() : request.instanceId() + "@" + request.serviceId();
    }

    private static List<Strategy.Reachable> reachable(NetworkView view, PlanRequest request, List<Candidate> online) {
        List<Strategy.Reachable> all = new ArrayList<>();
        for (Candidate each : online) {
            view.path(request.ingressRouter(), each.routerId())
                    .ifPresent(path -> all.add(
                            new Strategy.Reachable(each, path, each.precedence().weigh(each.cost()) + path.cost())));
        }
        List<Strategy.Reachable> untried = all.stream()
                .filter(each -> !request.avoid().contains(each.terminator().terminatorId()))
                .toList();
        List<Strategy.Reachable> sorted = new ArrayList<>(untried.isEmpty() ? all : untried);
        sorted.sort(Comparator.comparingLong(Strategy.Reachable::cost)
                .thenComparing(each -> each.terminator().terminatorId()));
        return sorted;
    }

    private static CircuitPlan planned(PlanRequest request, Strategy.Reachable picked) {
        Candidate terminator = picked.terminator();
        RouterRoute.Egress egress =
                new RouterRoute.Egress(terminator.binding(), request.ids().egress(), terminator.address());
        return new CircuitPlan(
                request.circuitId(),
                request.attempt(),
                request.serviceId(),
                terminator,
                picked.path(),
                request.ids(),
                Routes.along(picked.path(), request.ids(), egress));
    }

    /** A cheaper or merely working way between the same ends; empty when there is none. */
    public static Optional<ReroutePlan> reroute(NetworkView view, Path old, PlanRequest.Ends ends) {
        return view.path(old.ingress(), old.egress())
                .map(path -> new ReroutePlan(
                        path,
                        Routes.along(path, ends, null),
                        old.routers().stream()
                                .filter(router -> !path.visits(router))
                                .toList()));
    }
}
