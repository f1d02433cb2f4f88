package io.postern.controller.circuit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postern.fabric.path.FailureCause;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** What happens to circuits, told to the log and the metrics. Labels are causes and stages only, never ids. */
@Singleton
class CircuitEvents {
    private static final Logger LOG = Logger.getLogger("io.postern.circuit");

    private final AtomicInteger live = new AtomicInteger();
    private final Map<FailureCause, Counter> failed = new EnumMap<>(FailureCause.class);
    private final Counter created;
    private final Counter rerouted;
    private final Counter ended;
    private final Timer authorization;
    private final Timer path;
    private final Timer route;
    private final Timer total;

    CircuitEvents(MeterRegistry registry) {
        registry.gauge("postern.circuits", live);
        created = registry.counter("postern.circuit.created");
        rerouted = registry.counter("postern.circuit.rerouted");
        ended = registry.counter("postern.circuit.ended");
        authorization = stage(registry, "authorization");
        path = stage(registry, "path");
        route = stage(registry, "route");
        total = stage(registry, "total");
        for (FailureCause cause : FailureCause.values()) {
            failed.put(cause, registry.counter("postern.circuit.failed", "cause", cause.name()));
        }
    }

    private static Timer stage(MeterRegistry registry, String stage) {
        return registry.timer("postern.circuit.dial", "stage", stage);
    }

    void live(int count) {
        live.set(count);
    }

    void created(LiveCircuit circuit, Stages stages, int attempts) {
        created.increment();
        authorization.record(stages.authorization(), TimeUnit.NANOSECONDS);
        path.record(stages.path(), TimeUnit.NANOSECONDS);
        route.record(stages.route(), TimeUnit.NANOSECONDS);
        total.record(stages.total(), TimeUnit.NANOSECONDS);
        stages.trace(
                circuit.circuitId(),
                Map.of(
                        "circuitId", circuit.circuitId(),
                        "identityId", circuit.identityId(),
                        "serviceId", circuit.serviceId(),
                        "routers", circuit.path().routers().toString(),
                        "attempts", String.valueOf(attempts)),
                null);
        LOG.infof(
                "circuit.created %s routers=%s links=%s cost=%d attempts=%d authorizationMicros=%d pathMicros=%d"
                        + " routeMicros=%d totalMicros=%d",
                circuit,
                circuit.path().routers(),
                circuit.path().links(),
                circuit.path().cost(),
                attempts,
                stages.authorization() / 1000,
                stages.path() / 1000,
                stages.route() / 1000,
                stages.total() / 1000);
    }

    void failed(
            String circuitId, String routerId, String identityId, String serviceId, DialFailure why, Stages stages) {
        Counter counter = failed.get(why.cause());
        if (counter != null) {
            counter.increment();
        }
        stages.trace(
                circuitId,
                Map.of(
                        "circuitId", circuitId,
                        "identityId", identityId,
                        "serviceId", serviceId,
                        "cause", why.cause().name()),
                why.cause() + ": " + why.text());
        LOG.infof(
                "circuit.failed circuitId=%s routerId=%s identityId=%s serviceId=%s cause=%s code=%s reason=\"%s\""
                        + " totalMicros=%d",
                circuitId, routerId, identityId, serviceId, why.cause(), why.code(), why.text(), stages.total() / 1000);
    }

    void attemptFailed(String circuitId, int attempt, String routerId, FailureCause cause, String reason) {
        LOG.infof(
                "circuit.attempt.failed circuitId=%s attempt=%d routerId=%s cause=%s reason=\"%s\"",
                circuitId, attempt, routerId, cause, reason);
    }

    void pathUpdated(LiveCircuit circuit, String why) {
        rerouted.increment();
        LOG.infof(
                "circuit.pathUpdated %s routers=%s links=%s cost=%d cause=\"%s\"",
                circuit,
                circuit.path().routers(),
                circuit.path().links(),
                circuit.path().cost(),
                why);
    }

    void held(LiveCircuit circuit, String why) {
        LOG.infof("circuit.held %s cause=\"%s\"", circuit, why);
    }

    void deleted(LiveCircuit circuit, String why) {
        ended.increment();
        LOG.infof(
                "circuit.deleted %s seconds=%d cause=\"%s\"",
                circuit, Duration.between(circuit.createdAt(), Instant.now()).toSeconds(), why);
    }
}
