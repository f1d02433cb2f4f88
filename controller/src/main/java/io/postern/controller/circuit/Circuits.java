package io.postern.controller.circuit;

import io.postern.controller.channel.Connections;
import io.postern.controller.hosting.Terminators;
import io.postern.controller.link.KnownLink;
import io.postern.controller.link.Links;
import io.postern.controller.link.TopologyListener;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.model.ModelListener;
import io.postern.controller.model.ModelUpdate;
import io.postern.controller.network.NetworkLoop;
import io.postern.fabric.path.CircuitPlanner;
import io.postern.fabric.path.NetworkView;
import io.postern.fabric.path.ReroutePlan;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * The circuits that stand. The data plane does not run through the controller, so nothing ends a circuit but an end of
 * it, an administrator, or the lasting loss of its path: a control channel that blips, or a controller that restarts, cuts
 * none. On the network loop. Source: fabric sheet 4.5.
 */
@Singleton
public class Circuits implements TopologyListener, ModelListener {
    private static final Logger LOG = Logger.getLogger(Circuits.class);
    /** Reroutes done before other tasks of the loop have their turn. */
    private static final int REROUTES_AT_ONCE = 100;

    private static final int MOST_RECENT = 10_000;

    private static final Duration RECONCILE = Duration.ofSeconds(30);
    /** Time for all routers to come back after a start and to say which links they have. */
    private static final Duration SETTLE = Duration.ofSeconds(90);

    private final long startedNanos = System.nanoTime();
    private final NetworkLoop network;
    private final Connections connections;
    private final Links links;
    private final Terminators terminators;
    private final RouteSender sender;
    private final CircuitStore store;
    private final CircuitEvents events;
    private final CircuitConfig config;
    private final CircuitTable table = new CircuitTable();
    private final Queue<Wanted> reroutes = new ArrayDeque<>();
    /** Circuits without a path, with the time they were found so. */
    private final Map<String, Long> held = new HashMap<>();

    private final SequencedSet<String> recentlyEnded = new LinkedHashSet<>();

    private record Wanted(String circuitId, String why) {}

    Circuits(
            NetworkLoop network,
            Connections connections,
            Links links,
            Terminators terminators,
            RouteSender sender,
            CircuitStore store,
            CircuitEvents events,
            CircuitConfig config,
            ModelFeed feed) {
        this.network = network;
        this.connections = connections;
        this.links = links;
        this.terminators = terminators;
        this.sender = sender;
        this.store = store;
        this.events = events;
        this.config = config;
        links.listen(this);
        feed.listen(this);
        network.every(RECONCILE, this::reconcile);
    }

    public Collection<LiveCircuit> all() {
        return table.all();
    }

    public Optional<LiveCircuit> find(String circuitId) {
        return table.get(circuitId);
    }

    /** @param kept runs when the circuit is in the database, or the database is away */
    void opened(LiveCircuit circuit, Runnable kept) {
        table.put(circuit);
        store.put(circuit, kept);
        terminators.find(circuit.terminatorId()).ifPresent(each -> each.costs().opened());
        events.live(table.size());
        // a link of the path may have gone while the routers were being told
        if (circuit.path().links().stream()
                .anyMatch(id -> links.find(id).filter(KnownLink::up).isEmpty())) {
            want(circuit.circuitId(), "a link of the path went while it was made");
        }
    }

    private boolean isBroken(LiveCircuit circuit) {
        return circuit.path().links().stream()
                .anyMatch(id -> links.find(id).filter(KnownLink::up).isEmpty());
    }

    /** Circuits that this controller took over from another. */
    void adopted(Collection<LiveCircuit> circuits) {
        for (LiveCircuit each : circuits) {
            if (table.get(each.circuitId()).isEmpty()) {
                table.put(each);
                store.loaded(each);
            }
        }
        events.live(table.size());
        reconcile();
    }

    /** Another controller has it now, and acts for it. */
    void gaveUp(String circuitId) {
        table.remove(circuitId).ifPresent(known -> {
            held.remove(circuitId);
            store.forget(circuitId);
            terminators
                    .find(known.terminatorId())
                    .ifPresent(each -> each.costs().closed());
            events.live(table.size());
            LOG.infof("circuit.gaveUp %s", known);
        });
    }

    /** Those that all controllers keep, as the database has them; newer ones of this one are as they are here. */
    public CompletionStage<Collection<LiveCircuit>> everywhere() {
        CompletableFuture<Collection<LiveCircuit>> all = new CompletableFuture<>();
        store.all()
                .onComplete(
                        stored -> network.run(() -> {
                            Map<String, LiveCircuit> byId = new LinkedHashMap<>();
                            stored.forEach(each -> byId.put(each.circuitId(), each));
                            recentlyEnded.forEach(byId::remove);
                            table.all().forEach(each -> byId.put(each.circuitId(), each));
                            all.complete(byId.values());
                        }),
                        failure -> network.run(() -> {
                            LOG.warnf("circuits.list.failed: %s", failure.getMessage());
                            all.complete(List.copyOf(table.all()));
                        }));
        return all;
    }

    /** Ends a circuit whichever controller has it. False when there is none. */
    public CompletionStage<Boolean> endAnywhere(String circuitId, String why) {
        if (end(circuitId, true, why)) {
            return CompletableFuture.completedFuture(true);
        }
        return takeOver(circuitId).thenApply(taken -> end(circuitId, true, why));
    }

    /** Completes on the loop; the circuit is in {@link #find} then, if there is one. */
    CompletionStage<Void> takeOver(String circuitId) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        store.adopt(List.of(circuitId))
                .onComplete(
                        taken -> network.run(() -> {
                            adopted(taken);
                            done.complete(null);
                        }),
                        failure -> network.run(() -> {
                            LOG.warnf("circuit.takeover.failed circuitId=%s: %s", circuitId, failure.getMessage());
                            done.complete(null);
                        }));
        return done;
    }

    /** Whether it was ended here a short time ago: both ends of a circuit report its end. */
    boolean isRecentlyEnded(String circuitId) {
        return recentlyEnded.contains(circuitId);
    }

    /** @param now without draining what is under way */
    public boolean end(String circuitId, boolean now, String why) {
        Optional<LiveCircuit> circuit = table.remove(circuitId);
        circuit.ifPresent(known -> {
            held.remove(circuitId);
            recentlyEnded.add(circuitId);
            if (recentlyEnded.size() > MOST_RECENT) {
                recentlyEnded.removeFirst();
            }
            sender.unroute(circuitId, known.path().routers(), now);
            store.remove(known);
            terminators
                    .find(known.terminatorId())
                    .ifPresent(each -> each.costs().closed());
            events.live(table.size());
            events.deleted(known, why);
        });
        return circuit.isPresent();
    }

    @Override
    public void linkLost(KnownLink link) {
        table.over(link.linkId()).forEach(id -> want(id, "link " + link.linkId() + " lost"));
    }

    @Override
    public void networkGrew() {
        List.copyOf(held.keySet()).forEach(id -> want(id, "the network grew"));
    }

    /** Those without another way stay where they are, as long as it is there. */
    @Override
    public void routerLeaves(String routerId) {
        NetworkView view = links.view();
        for (LiveCircuit each : table.all()) {
            if (each.path().visits(routerId)
                    && !each.endsAt(routerId)
                    && view.path(each.path().ingress(), each.path().egress()).isPresent()) {
                want(each.circuitId(), "router " + routerId + " leaves");
            }
        }
    }

    /** Reroutes the circuit soon; many at once are done in turns. */
    void want(String circuitId, String why) {
        reroutes.add(new Wanted(circuitId, why));
        if (reroutes.size() == 1) {
            network.execute(this::rerouteSome);
        }
    }

    private void rerouteSome() {
        for (int i = 0; i < REROUTES_AT_ONCE && !reroutes.isEmpty(); i++) {
            Wanted wanted = reroutes.remove();
            table.get(wanted.circuitId()).ifPresent(circuit -> reroute(circuit, wanted.why()));
        }
        if (!reroutes.isEmpty()) {
            network.execute(this::rerouteSome);
        }
    }

    private void reroute(LiveCircuit circuit, String why) {
        Optional<ReroutePlan> plan = CircuitPlanner.reroute(links.view(), circuit.path(), circuit.ends());
        if (plan.isEmpty()) {
            hold(circuit, why);
            return;
        }
        held.remove(circuit.circuitId());
        LiveCircuit rerouted = circuit.over(plan.get().path());
        table.put(rerouted);
        store.put(rerouted);
        sender.send(circuit.circuitId(), plan.get(), config.routeTimeout());
        events.pathUpdated(rerouted, why);
    }

    private void hold(LiveCircuit circuit, String why) {
        if (held.putIfAbsent(circuit.circuitId(), System.nanoTime()) == null) {
            events.held(circuit, why);
            long since = held.get(circuit.circuitId());
            network.after(config.hold(), () -> heldTooLong(circuit, since, why));
        }
    }

    /** A controller that does not see the whole network ends nothing for want of a path. */
    private void heldTooLong(LiveCircuit circuit, long since, String why) {
        if (!Long.valueOf(since).equals(held.get(circuit.circuitId()))) {
            return;
        }
        if (connections.othersSeeMore()) {
            held.remove(circuit.circuitId());
            want(circuit.circuitId(), why);
        } else {
            end(circuit.circuitId(), true, "no path for " + config.hold().toSeconds() + " s: " + why);
        }
    }

    /** What events told may have been lost while the controller was away: compares each path with the links there are. */
    private void reconcile() {
        if (System.nanoTime() - startedNanos < SETTLE.toNanos()) {
            return;
        }
        for (LiveCircuit each : table.all()) {
            if (isBroken(each) && !held.containsKey(each.circuitId())) {
                want(each.circuitId(), "a link of the path is not there");
            }
        }
    }

    /** A router that does not come back in time takes the circuits that end at it. */
    void routerLost(String routerId) {
        network.after(config.routerLoss(), () -> {
            if (connections.with(routerId).isEmpty() && !connections.isElsewhere(routerId)) {
                List<String> lost = table.all().stream()
                        .filter(each -> each.endsAt(routerId))
                        .map(LiveCircuit::circuitId)
                        .toList();
                lost.forEach(id -> end(id, true, "router " + routerId + " is gone"));
            }
        });
    }

    @Override
    public void reloaded() {
        store.load()
                .onComplete(
                        all -> network.run(() -> {
                            for (LiveCircuit each : all) {
                                if (table.get(each.circuitId()).isEmpty()) {
                                    table.put(each);
                                    store.loaded(each);
                                }
                            }
                            events.live(table.size());
                            LOG.infof("circuits.loaded count=%d", all.size());
                        }),
                        failure -> LOG.error("circuits.load.failed", failure));
    }

    @Override
    public void changed(ModelUpdate update) {
        // who loses access is cut off by the routers, which report the ends of their circuits
    }
}
