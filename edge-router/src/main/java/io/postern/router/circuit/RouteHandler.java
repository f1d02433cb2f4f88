package io.postern.router.circuit;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import io.postern.fabric.forward.Forward;
import io.postern.fabric.forward.ForwardingTable.Installed;
import io.postern.fabric.path.FailureCause;
import io.postern.fabric.xgress.XgressEngine;
import io.postern.fabric.xgress.XgressOptions;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.link.LinkTable;
import io.postern.wire.Frame;
import io.postern.wire.MalformedFrame;
import io.postern.wire.RouteError;
import io.postern.wire.ctrl.RouteResult;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.ctrl.pb.Unroute;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Carries out Route and Unroute: installs, dials, answers. Called on control channels' loops. Fabric sheet 4.3, 4.5. */
final class RouteHandler {
    private static final Logger LOG = Logger.getLogger(Circuits.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** One Route as it is being carried out. */
    private record Task(
            ControlPeer from,
            int sequence,
            Route route,
            AsciiString circuitId,
            CircuitCounters counters,
            RouteTrace trace) {
        void succeed(Map<Integer, byte[]> peerData) {
            trace.tell(route, null);
            from.send(RouteResult.success(route.getCircuitId(), route.getAttempt(), peerData)
                    .frame(sequence));
        }

        void fail(RouteError code, String why) {
            FailureCause cause = FailureCause.ofRouteResult(code.number());
            counters.refused(cause);
            trace.tell(route, cause + ": " + why);
            LOG.infof(
                    "circuit.refused circuitId=%s attempt=%d cause=%s why=%s",
                    route.getCircuitId(), route.getAttempt(), cause, why);
            from.send(RouteResult.failure(route.getCircuitId(), route.getAttempt(), code, why)
                    .frame(sequence));
        }

        String address() {
            return route.getEgress().getAddress();
        }
    }

    private final CircuitPaths paths;
    private final LinkTable links;
    private final Map<String, EgressDialer> dialers;
    private final Supplier<EventLoop> loops;
    private final XgressOptions options;
    private final Consumer<CircuitEnd> finished;
    private final Map<String, Task> dialing = new ConcurrentHashMap<>();
    private final Map<AsciiString, Boolean> leaving = new ConcurrentHashMap<>();

    RouteHandler(
            CircuitPaths paths,
            LinkTable links,
            Map<String, EgressDialer> dialers,
            Supplier<EventLoop> loops,
            XgressOptions options,
            Consumer<CircuitEnd> finished) {
        this.paths = paths;
        this.links = links;
        this.dialers = dialers;
        this.loops = loops;
        this.options = options;
        this.finished = finished;
    }

    void route(ControlPeer from, Frame frame) {
        try {
            Route route = Route.parseFrom(frame.bodyBytes());
            Task task = new Task(
                    from,
                    frame.sequence(),
                    route,
                    AsciiString.cached(route.getCircuitId()),
                    paths.counters,
                    new RouteTrace());
            install(task);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedFrame("Route: " + e.getMessage());
        } finally {
            frame.release();
        }
    }

    private void install(Task task) {
        Route route = task.route();
        List<Forward> forwards = route.getForwardsList().stream()
                .map(f -> new Forward(f.getSrcAddress(), f.getDstAddress(), Forward.Kind.of(f.getDstTypeValue())))
                .toList();
        Optional<String> missing = missingLink(forwards);
        if (missing.isPresent()) {
            task.fail(RouteError.INVALID_LINK_DESTINATION, "no link " + missing.get() + " at this router");
            return;
        }
        List<CircuitEnd> before = paths.ends(task.circuitId());
        Installed installed = paths.table.install(
                task.circuitId(), route.getAttempt(), task.from().controllerId(), forwards, System.nanoTime());
        LOG.logf(
                level(forwards),
                "circuit.routed circuitId=%s attempt=%d as=%s way=%s",
                task.circuitId(),
                route.getAttempt(),
                installed,
                way(forwards));
        switch (installed) {
            case STALE -> task.fail(RouteError.GENERIC, "a later attempt is routed already");
            case REFUSED -> task.fail(RouteError.RESOURCES_NOT_AVAILABLE, "too many circuits");
            case NEW, REPLACED -> {
                leaving.remove(task.circuitId());
                List<CircuitEnd> after = paths.ends(task.circuitId());
                before.stream()
                        .filter(end -> !after.contains(end))
                        .forEach(end -> end.abort("circuit was routed anew"));
                after.forEach(CircuitEnd::rerouted);
                complete(task);
            }
        }
    }

    /** Ends say when they begin and end; of a router that only passes a Circuit on, its route is all there is to say. */
    private static Logger.Level level(List<Forward> forwards) {
        return forwards.stream().allMatch(forward -> forward.kind() == Forward.Kind.LINK)
                ? Logger.Level.INFO
                : Logger.Level.DEBUG;
    }

    private static String way(List<Forward> forwards) {
        return forwards.stream()
                .map(forward -> forward.source() + ">" + forward.destination())
                .collect(Collectors.joining(","));
    }

    private Optional<String> missingLink(List<Forward> forwards) {
        return forwards.stream()
                .filter(f -> f.kind() == Forward.Kind.LINK)
                .map(Forward::destination)
                .filter(id -> links.byId(id).isEmpty())
                .findFirst();
    }

    private void complete(Task task) {
        CircuitEnd known = task.route().hasEgress() ? paths.end(task.address()) : null;
        if (!task.route().hasEgress() || known != null) {
            task.succeed(known == null ? Map.of() : known.peerData());
            return;
        }
        EgressDialer dialer = dialers.get(task.route().getEgress().getBinding());
        if (dialer == null) {
            refuse(
                    task,
                    RouteError.GENERIC,
                    "nothing here dials binding " + task.route().getEgress().getBinding());
        } else if (dialing.putIfAbsent(task.address(), task) == null) {
            dial(task, dialer);
        }
    }

    private void dial(Task task, EgressDialer dialer) {
        task.trace().dials();
        EventLoop loop = loops.get();
        Route.Egress egress = task.route().getEgress();
        Map<Integer, byte[]> peerData = new HashMap<>();
        egress.getPeerDataMap().forEach((key, value) -> peerData.put(key, value.toByteArray()));
        Duration timeout =
                task.route().getTimeout() > 0 ? Duration.ofNanos(task.route().getTimeout()) : TIMEOUT;
        EgressRequest request = new EgressRequest(
                task.route().getCircuitId(),
                egress.getAddress(),
                egress.getDestination(),
                peerData,
                timeout,
                task.route().getTagsMap(),
                loop);
        loop.schedule(() -> late(task), timeout.toNanos(), TimeUnit.NANOSECONDS);
        loop.execute(() -> {
            try {
                dialer.dial(request).whenComplete((outcome, failure) -> dialed(task, outcome, failure));
            } catch (RuntimeException e) {
                dialed(task, null, e);
            }
        });
    }

    private void late(Task task) {
        if (dialing.remove(task.address(), task)) {
            refuse(task, RouteError.DIAL_TIMED_OUT, "the host did not answer in time");
        }
    }

    private void dialed(Task task, @Nullable DialOutcome outcome, @Nullable Throwable failure) {
        boolean wanted = dialing.remove(task.address(), task);
        switch (outcome) {
            case null -> {
                LOG.debugf(failure, "circuit.dial.failed circuitId=%s", task.circuitId());
                if (wanted) {
                    refuse(task, RouteError.GENERIC, String.valueOf(failure == null ? null : failure.getMessage()));
                }
            }
            case DialOutcome.Failed(RouteError code, String text) -> {
                if (wanted) {
                    refuse(task, code, text);
                }
            }
            case DialOutcome.Connected connected -> {
                if (wanted && routed(task)) {
                    connected.loop().execute(() -> connect(task, connected));
                } else {
                    connected.abandoned().run();
                }
            }
        }
    }

    private boolean routed(Task task) {
        return paths.table.forwards(task.circuitId()).stream()
                .anyMatch(forward -> forward.destination().equals(task.address()));
    }

    private void connect(Task task, DialOutcome.Connected connected) {
        XgressEngine engine = XgressEngine.terminator(
                task.circuitId(), options, ThreadLocalRandom.current().nextLong(), System.nanoTime());
        CircuitEnd end = new CircuitEnd(
                task.circuitId(), task.address(), connected.loop(), engine, connected.peerData(), paths, finished);
        paths.add(end);
        end.begin(connected.sink());
        if (routed(task)) {
            LOG.debugf("circuit.dialed circuitId=%s address=%s", task.circuitId(), task.address());
            task.succeed(connected.peerData());
        } else {
            end.abort("circuit was unrouted while it was dialed");
        }
    }

    private void refuse(Task task, RouteError code, String why) {
        if (routed(task)) {
            paths.drop(task.circuitId(), why);
        }
        task.fail(code, why);
    }

    void unroute(ControlPeer from, Frame frame) {
        try {
            Unroute unroute = Unroute.parseFrom(frame.bodyBytes());
            AsciiString circuitId = AsciiString.cached(unroute.getCircuitId());
            List<Forward> forwards = paths.table.forwards(circuitId);
            LOG.logf(
                    forwards.isEmpty() ? Logger.Level.DEBUG : level(forwards),
                    "circuit.unrouted circuitId=%s now=%s way=%s",
                    circuitId,
                    unroute.getNow(),
                    way(forwards));
            dialing.values().removeIf(task -> task.circuitId().equals(circuitId));
            if (unroute.getNow()) {
                leaving.remove(circuitId);
                paths.drop(circuitId, "circuit was unrouted");
            } else if (paths.table.contains(circuitId)) {
                leaving.put(circuitId, true);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedFrame("Unroute: " + e.getMessage());
        } finally {
            frame.release();
        }
    }

    /** Drops what was unrouted and has been quiet since. */
    void sweep(long quiet, long now) {
        for (AsciiString circuitId : leaving.keySet()) {
            if (paths.table.idle(circuitId, now) >= quiet) {
                leaving.remove(circuitId);
                paths.drop(circuitId, "circuit was unrouted");
            }
        }
    }
}
