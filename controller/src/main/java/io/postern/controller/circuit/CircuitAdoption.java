package io.postern.controller.circuit;

import io.postern.controller.network.NetworkLoop;
import io.postern.controller.replica.ReplicaConfig;
import io.postern.controller.replica.ReplicaSet;
import io.postern.controller.replica.Replicas;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Circuits outlive the controller that made them: the eldest of those that live takes over what the dead had, and a
 * controller that was taken for dead and was not gives up what others took. On the network loop.
 */
@Singleton
@Startup
class CircuitAdoption {
    private static final Logger LOG = Logger.getLogger(CircuitAdoption.class);
    private static final Duration PERIOD = Duration.ofSeconds(30);
    /** A circuit of this age is in the database, if the database answers. */
    private static final Duration WRITTEN = Duration.ofSeconds(10);

    private final Replicas replicas;
    private final ReplicaConfig config;
    private final CircuitStore store;
    private final Circuits circuits;
    private final NetworkLoop network;

    CircuitAdoption(
            Replicas replicas, ReplicaConfig config, CircuitStore store, Circuits circuits, NetworkLoop network) {
        this.replicas = replicas;
        this.config = config;
        this.store = store;
        this.circuits = circuits;
        this.network = network;
        replicas.listen(this::changed);
        replicas.onSilence(this::giveUp);
        replicas.hear("circuits", this::giveUp);
        network.every(PERIOD, () -> {
            adopt(replicas.known());
            giveUp();
        });
    }

    private void changed(ReplicaSet before, ReplicaSet now) {
        boolean lost = before.all().stream()
                .anyMatch(old -> old.online()
                        && now.all().stream()
                                .noneMatch(each -> each.online() && each.id().equals(old.id())));
        if (lost || before.all().isEmpty()) {
            adopt(now);
        }
    }

    private void adopt(ReplicaSet known) {
        if (!known.isEldest()) {
            return;
        }
        store.adoptOrphans(config.silence())
                .onComplete(
                        orphans -> network.run(() -> {
                            if (!orphans.isEmpty()) {
                                LOG.infof("circuits.adopted count=%d", orphans.size());
                                circuits.adopted(orphans);
                            }
                        }),
                        failure -> LOG.warnf("circuits.adopt.failed: %s", failure.getMessage()));
    }

    /** Drops what the database says is another controller's. */
    private void giveUp() {
        Instant before = Instant.now().minus(WRITTEN);
        List<String> settled = circuits.all().stream()
                .filter(each -> each.createdAt().isBefore(before))
                .map(LiveCircuit::circuitId)
                .filter(id -> !store.isBehind(id))
                .toList();
        if (settled.isEmpty() || replicas.known().all().size() < 2) {
            return;
        }
        store.own()
                .onComplete(
                        own -> network.run(() -> settled.stream()
                                .filter(id -> !own.contains(id) && !store.isBehind(id))
                                .forEach(circuits::gaveUp)),
                        failure -> LOG.warnf("circuits.compare.failed: %s", failure.getMessage()));
    }
}
