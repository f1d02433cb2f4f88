package io.postern.controller.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.postern.controller.kernel.ModelChanges;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When the services that an identity sees changed last. The answer is kept in the database, so that it is the same from all
 * replicas and stays over restarts: clients list all their services again whenever it moves.
 */
@Singleton
public class ServiceUpdates {
    private static final Duration BELIEVED = Duration.ofSeconds(30);
    private static final String KEEP = """
            insert into identity_services_seen as seen (identity_id, digest, changed_at) values ($1, $2, $3)
            on conflict (identity_id) do update
                set digest = excluded.digest,
                    changed_at = case when seen.digest = excluded.digest then seen.changed_at
                                      else greatest(excluded.changed_at, seen.changed_at + interval '1 millisecond') end
            returning changed_at
            """;

    private final Pool database;
    private final Grants grants;
    private final ModelChanges changes;
    private final AtomicLong modelIndex = new AtomicLong();
    private final Cache<String, Seen> known =
            Caffeine.newBuilder().maximumSize(50_000).expireAfterWrite(BELIEVED).build();

    private record Seen(long modelIndex, Instant changedAt) {}

    ServiceUpdates(Pool database, Grants grants, ModelChanges changes) {
        this.database = database;
        this.grants = grants;
        this.changes = changes;
    }

    void start(@Observes StartupEvent event) {
        changes.observe(set -> modelIndex.accumulateAndGet(set.index(), Math::max));
    }

    Uni<Instant> lastChangeAt(String identityId) {
        long index = modelIndex.get();
        Seen seen = known.getIfPresent(identityId);
        if (seen != null && seen.modelIndex() == index) {
            return Uni.createFrom().item(seen.changedAt());
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return grants.digest(identityId)
                .flatMap(digest -> database.preparedQuery(KEEP)
                        .execute(Tuple.of(identityId, digest, now.atOffset(ZoneOffset.UTC))))
                .map(rows -> rows.iterator().next().getOffsetDateTime(0).toInstant())
                .invoke(changedAt -> known.put(identityId, new Seen(index, changedAt)));
    }
}
