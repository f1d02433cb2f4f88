package io.postern.controller.hosting;

import io.postern.controller.model.Entry;
import io.postern.controller.model.ModelEvent;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.model.ModelListener;
import io.postern.controller.model.ModelUpdate;
import io.postern.controller.network.NetworkLoop;
import io.postern.fabric.path.Precedence;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The terminators, in memory for the dials and in the database for the rest. Written here on the routers' behalf; written
 * by the management API elsewhere and heard of as changes of the model. On the network loop.
 */
@Singleton
public class Terminators implements ModelListener {
    private static final Logger LOG = Logger.getLogger(Terminators.class);

    private final NetworkLoop network;
    private final TerminatorStore store;
    private final TerminatorTable table = new TerminatorTable();

    Terminators(NetworkLoop network, TerminatorStore store, ModelFeed feed) {
        this.network = network;
        this.store = store;
        feed.listen(this);
        network.every(
                Duration.ofMinutes(1),
                () -> table.all().forEach(each -> each.costs().minute()));
    }

    /** What a new terminator is, before it has costs. */
    public record Wish(
            String terminatorId,
            String serviceId,
            String routerId,
            String binding,
            String address,
            String instanceId,
            byte[] instanceSecret,
            String hostId,
            int cost,
            Precedence precedence,
            Map<Integer, byte[]> peerData) {}

    /** How an attempt to create one ended. */
    public enum Outcome {
        CREATED,
        ID_CONFLICT,
        FAILED
    }

    public Collection<LiveTerminator> of(String serviceId) {
        return table.of(serviceId);
    }

    public Collection<LiveTerminator> all() {
        return table.all();
    }

    public List<LiveTerminator> on(String routerId) {
        return table.on(routerId);
    }

    public Optional<LiveTerminator> find(String terminatorId) {
        return table.get(terminatorId);
    }

    /** Runs the task on the loop when each of the ids is known here, or is known not to be: another controller may have made it. */
    public void whenKnown(Collection<String> ids, Runnable task) {
        List<String> missing =
                ids.stream().filter(id -> table.get(id).isEmpty()).toList();
        if (missing.isEmpty()) {
            task.run();
            return;
        }
        store.some(missing)
                .onComplete(
                        rows -> network.run(() -> {
                            rows.stream()
                                    .filter(row -> table.get(row.terminatorId()).isEmpty())
                                    .forEach(table::put);
                            task.run();
                        }),
                        failure -> network.run(() -> {
                            LOG.warnf("terminators.read.failed: %s", failure.getMessage());
                            task.run();
                        }));
    }

    /** Creating the same one again is allowed; it may take another cost. Completes on the loop. */
    public CompletionStage<Outcome> create(Wish wish) {
        Optional<LiveTerminator> known = table.get(wish.terminatorId());
        boolean foreign = known.filter(old -> !old.routerId().equals(wish.routerId())
                        || !old.serviceId().equals(wish.serviceId())
                        || !old.hostId().equals(wish.hostId()))
                .isPresent();
        boolean otherSecret = !wish.instanceId().isEmpty()
                && table.of(wish.serviceId()).stream()
                        .anyMatch(each -> each.instanceId().equals(wish.instanceId())
                                && !each.terminatorId().equals(wish.terminatorId())
                                && !each.hasSecret(wish.instanceSecret()));
        if (foreign || otherSecret) {
            return CompletableFuture.completedFuture(Outcome.ID_CONFLICT);
        }
        LiveTerminator terminator = live(wish, known.map(LiveTerminator::costs).orElse(null));
        // in the table at once, so that a removal that overtakes the write finds it
        table.put(terminator);
        CompletableFuture<Outcome> created = new CompletableFuture<>();
        store.insert(terminator)
                .onComplete(
                        stored -> network.run(() -> created.complete(stored(terminator, stored))),
                        failure -> network.run(() -> {
                            table.remove(terminator.terminatorId());
                            LOG.warnf("terminator.create.failed %s: %s", terminator, failure.getMessage());
                            created.complete(Outcome.FAILED);
                        }));
        return created;
    }

    private Outcome stored(LiveTerminator terminator, boolean stored) {
        if (!stored) {
            table.remove(terminator.terminatorId());
            return Outcome.ID_CONFLICT;
        }
        boolean kept = table.get(terminator.terminatorId())
                .filter(now -> now.marker() == terminator.marker())
                .isPresent();
        if (!kept) {
            store.delete(List.of(terminator.terminatorId()));
            return Outcome.FAILED;
        }
        LOG.infof("terminator.created %s binding=%s", terminator, terminator.binding());
        return Outcome.CREATED;
    }

    private LiveTerminator live(Wish wish, LiveTerminator.@Nullable Costs costs) {
        return new LiveTerminator(
                wish.terminatorId(),
                wish.serviceId(),
                wish.routerId(),
                wish.binding(),
                wish.address(),
                wish.instanceId(),
                wish.instanceSecret(),
                wish.hostId(),
                wish.cost(),
                wish.precedence(),
                wish.peerData(),
                store.nextMarker(),
                costs == null ? new LiveTerminator.Costs() : costs);
    }

    /** Null leaves as it is. */
    public void update(LiveTerminator terminator, @Nullable Integer cost, @Nullable Precedence precedence) {
        LiveTerminator changed = terminator.with(
                cost == null ? terminator.cost() : cost, precedence == null ? terminator.precedence() : precedence);
        table.put(changed);
        store.update(changed)
                .onFailure(failure -> LOG.warnf("terminator.update.failed %s: %s", changed, failure.getMessage()));
        LOG.infof("terminator.updated %s cost=%d precedence=%s", changed, changed.cost(), changed.precedence());
    }

    /** Those of the ids that exist are removed at once; completes when the database knows. */
    public CompletionStage<Void> remove(Collection<LiveTerminator> terminators, String reason) {
        CompletableFuture<Void> removed = new CompletableFuture<>();
        if (terminators.isEmpty()) {
            removed.complete(null);
            return removed;
        }
        List<String> ids =
                terminators.stream().map(LiveTerminator::terminatorId).toList();
        terminators.forEach(each -> LOG.infof("terminator.removed %s reason=\"%s\"", each, reason));
        ids.forEach(table::remove);
        store.delete(ids)
                .onComplete(
                        done -> network.run(() -> removed.complete(null)),
                        failure -> network.run(() -> removed.completeExceptionally(failure)));
        return removed;
    }

    @Override
    public void reloaded() {
        store.all()
                .onComplete(
                        all -> network.run(() -> {
                            all.stream()
                                    .filter(each ->
                                            table.get(each.terminatorId()).isEmpty())
                                    .forEach(table::put);
                            LOG.infof("terminators.loaded count=%d", all.size());
                        }),
                        failure -> LOG.error("terminators.load.failed", failure));
    }

    @Override
    public void changed(ModelUpdate update) {
        for (ModelEvent event : update.events()) {
            switch (event) {
                case ModelEvent.TerminatorTouched touched -> reread(touched.terminatorId());
                case ModelEvent.Gone(Entry.Service service) ->
                    table.removeIf(each -> each.serviceId().equals(service.id()));
                case ModelEvent.Gone(Entry.Router router) ->
                    table.removeIf(each -> each.routerId().equals(router.id()));
                default -> {}
            }
        }
    }

    /** Our own writes come back this way too; what did not change keeps its marker and costs. */
    private void reread(String terminatorId) {
        store.one(terminatorId)
                .onSuccess(rows -> network.run(() -> {
                    LiveTerminator known = table.get(terminatorId).orElse(null);
                    if (rows.isEmpty()) {
                        if (known != null) {
                            table.remove(terminatorId);
                        }
                    } else if (known == null) {
                        table.put(rows.getFirst());
                    } else {
                        LiveTerminator row = rows.getFirst();
                        table.put(known.with(row.cost(), row.precedence()));
                    }
                }));
    }
}
