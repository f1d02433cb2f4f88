package io.postern.controller.console;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.kernel.ModelChange;
import io.postern.controller.kernel.ModelChangeSet;
import io.postern.controller.kernel.ModelChanges;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Says whose rights or API Sessions may have changed since an index of the model. The index is the database's, so a proxy may
 * go on with any replica. Any thread.
 */
@Singleton
public class ConsoleChanges {
    private static final int PAGE = 500;
    /** Polls that wait at one controller. */
    private static final int WAITING = 2_000;
    /** Whom it concerns cannot be told: grants, hosts, and who may dial them. */
    private static final Set<String> EVERYBODY = Set.of("config", "service", "servicePolicy");
    /** A revocation has the id of an identity, of an API Session, or of a Session, which concerns nobody here. */
    private static final Set<String> ONE = Set.of("identity", "apiSession", "revocation");

    private final ModelChanges changes;
    private final Vertx vertx;
    private final Set<CompletableFuture<Void>> waiting = new LinkedHashSet<>();
    private long seen;
    private Runnable end = () -> {};

    ConsoleChanges(ModelChanges changes, Vertx vertx) {
        this.changes = changes;
        this.vertx = vertx;
    }

    /**
     * What changed.
     *
     * @param index where to go on
     * @param everybody anybody's rights may have changed
     * @param concerned ids of identities and API Sessions that have changed or ended
     */
    public record Changed(long index, boolean everybody, List<String> concerned) {
        boolean isNothing() {
            return !everybody && concerned.isEmpty();
        }
    }

    void start(@Observes StartupEvent event) {
        end = changes.observe(this::told);
    }

    void stop(@Observes Shutdown event) {
        end.run();
        wake();
    }

    /**
     * Answers as soon as something changed after {@code after}, or with nothing when the time is over. Whoever comes without
     * an index, or with one that is too old or of another database, learns that anything may have changed.
     */
    Uni<Changed> since(long after, Duration patience) {
        CompletableFuture<Void> turn = waitFor(after, patience);
        return look(after).flatMap(changed -> {
            if (!changed.isNothing() || patience.isZero()) {
                release(turn);
                return Uni.createFrom().item(changed);
            }
            return Uni.createFrom().completionStage(turn).chain(() -> look(after));
        });
    }

    private Uni<Changed> look(long after) {
        return changes.lastIndex().flatMap(last -> {
            if (after < 0 || after > last) {
                return Uni.createFrom().item(new Changed(last, true, List.of()));
            }
            return changes.since(after, PAGE).flatMap(sets -> {
                boolean gap = !sets.isEmpty() && sets.getFirst().index() > after + 1;
                return Uni.createFrom()
                        .item(gap || sets.size() == PAGE ? new Changed(last, true, List.of()) : changed(after, sets));
            });
        });
    }

    private static Changed changed(long after, List<ModelChangeSet> sets) {
        long index = sets.isEmpty() ? after : sets.getLast().index();
        Set<String> concerned = new LinkedHashSet<>();
        boolean everybody = false;
        for (ModelChangeSet set : sets) {
            for (ModelChange change : set.changes()) {
                everybody |= EVERYBODY.contains(change.kind());
                if (ONE.contains(change.kind())) {
                    concerned.add(change.entityId());
                }
            }
        }
        return new Changed(index, everybody, everybody ? List.of() : List.copyOf(concerned));
    }

    /** Waits from before the first look, so that no change falls between the two. */
    private synchronized CompletableFuture<Void> waitFor(long after, Duration patience) {
        var turn = new CompletableFuture<Void>();
        if (patience.isZero()) {
            turn.complete(null);
            return turn;
        }
        if (waiting.size() >= WAITING) {
            throw Refusal.of(ErrorCode.SERVER_TOO_MANY_REQUESTS, "too many proxies wait for changes");
        }
        if (after >= 0 && seen > after) {
            turn.complete(null);
            return turn;
        }
        waiting.add(turn);
        vertx.setTimer(patience.toMillis(), over -> release(turn));
        return turn;
    }

    private void release(CompletableFuture<Void> turn) {
        synchronized (this) {
            waiting.remove(turn);
        }
        turn.complete(null);
    }

    private void told(ModelChangeSet set) {
        boolean matters = set.changes().stream()
                .anyMatch(change -> EVERYBODY.contains(change.kind()) || ONE.contains(change.kind()));
        if (matters) {
            synchronized (this) {
                seen = set.index();
            }
            wake();
        }
    }

    private void wake() {
        List<CompletableFuture<Void>> turns;
        synchronized (this) {
            turns = new ArrayList<>(waiting);
            waiting.clear();
        }
        turns.forEach(turn -> turn.complete(null));
    }
}
