package io.postern.controller.kernel;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;

/** What every service needs and none should have to ask for one by one: the database, drafts, the clock. */
@Singleton
public class Kernel {
    private final Mutiny.SessionFactory sessions;
    private final Reads reads;
    private final Drafts drafts;
    private final Vertx vertx;
    private final Instance<Sublists> sublists;

    Kernel(Mutiny.SessionFactory sessions, Reads reads, Drafts drafts, Vertx vertx, Instance<Sublists> sublists) {
        this.sessions = sessions;
        this.reads = reads;
        this.drafts = drafts;
        this.vertx = vertx;
        this.sublists = sublists;
    }

    public Drafts drafts() {
        return drafts;
    }

    public Reads reads() {
        return reads;
    }

    /** Asked late, because it knows all kinds and each kind knows the kernel. */
    Sublists sublists() {
        return sublists.get();
    }

    /** Now, in milliseconds: finer times would not survive the wire. */
    public Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Reads outside of a transaction. Needs a Vert.x context, as a REST call has: see {@link #onContext}. */
    public <T> Uni<T> read(Function<Mutiny.Session, Uni<T>> body) {
        return sessions.withSession(body).onFailure().transform(DatabaseRefusals::translate);
    }

    /**
     * Writes in one transaction; the changes recorded in its {@link Work} take the next model index. Broken constraints
     * become refusals, and nothing is half made.
     */
    public <T> Uni<T> write(Function<Work, Uni<T>> body) {
        return sessions.withTransaction(session -> {
                    var work = new Work(session, now());
                    return body.apply(work).call(() -> session.flush()).call(() -> number(session, work));
                })
                .onFailure()
                .transform(DatabaseRefusals::translate);
    }

    /** Runs on a fresh Vert.x context, for callers that have none: timers, channels, observers. */
    public <T> Uni<T> onContext(Supplier<Uni<T>> body) {
        return Uni.createFrom().emitter(emitter -> {
            Context context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
            VertxContextSafetyToggle.setContextSafe(context, true);
            context.runOnContext(go -> {
                try {
                    body.get().subscribe().with(emitter::complete, emitter::fail);
                } catch (RuntimeException e) {
                    emitter.fail(e);
                }
            });
        });
    }

    /** Last in the transaction, because the counter's row stays locked until it ends. */
    private Uni<Void> number(Mutiny.Session session, Work work) {
        List<ModelChange> changes = work.changes();
        if (changes.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var sql = new StringBuilder("with bump as (update model_index set last = last + 1 returning last) "
                + "insert into model_change (index, seq, kind, entity_id, action, at) "
                + "select bump.last, c.seq, c.kind, c.entity_id, c.action, now() from bump, (values ");
        for (int i = 0; i < changes.size(); i++) {
            int p = i * 3;
            sql.append(i == 0 ? "" : ", ")
                    .append("(" + i + ", cast(?" + (p + 1) + " as text), cast(?" + (p + 2) + " as text), cast(?"
                            + (p + 3) + " as text))");
        }
        var insert = session.createNativeQuery(
                sql.append(") c (seq, kind, entity_id, action)").toString());
        for (int i = 0; i < changes.size(); i++) {
            ModelChange change = changes.get(i);
            insert.setParameter(i * 3 + 1, change.kind());
            insert.setParameter(i * 3 + 2, change.entityId());
            insert.setParameter(i * 3 + 3, change.action().name());
        }
        return insert.executeUpdate().replaceWithVoid();
    }
}
