package io.postern.controller.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.postern.controller.boot.PosternConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * API Sessions in the database. What was read is believed for {@link #BELIEVED}, so that a busy client costs one query in
 * that time; an end of the session, or of its identity, by another replica counts after it at the latest. Any thread.
 */
@Singleton
public class ApiSessions {
    private static final Logger LOG = Logger.getLogger(ApiSessions.class);
    private static final Duration BELIEVED = Duration.ofSeconds(2);
    private static final String FIND = """
            select s.id, s.identity_id, i.name, i.is_admin, s.authenticator_id, coalesce(a.method, ''), s.ip_address,
                   s.config_types, s.cert_fingerprints, s.created_at, s.updated_at, s.last_activity_at, s.expires_at
            from api_session s
            join identity i on i.id = s.identity_id
            left join authenticator a on a.id = s.authenticator_id
            where s.id = $1 and s.expires_at > $2
              and not (i.disabled_at is not null and (i.disabled_until is null or i.disabled_until > $2))
            """;
    private static final String CREATE = """
            insert into api_session (id, created_at, updated_at, identity_id, authenticator_id, ip_address, config_types,
                                     cert_fingerprints, last_activity_at, expires_at)
            values ($1, $2, $2, $3, $4, $5, $6, $7, $2, $8)
            """;
    private static final String TOUCH =
            "update api_session set last_activity_at = $2, expires_at = $3 where id = $1 and expires_at < $3";
    private static final String PROLONG = "update api_session set last_activity_at = $2, expires_at = $3"
            + " where id = any($1) and expires_at > $2 and last_activity_at < $4";

    private final Pool database;
    private final PosternConfig config;
    private final Revocations revocations;
    private final AccessMetrics metrics;
    private final Cache<String, ApiSession> believed = Caffeine.newBuilder()
            .maximumSize(50_000)
            .expireAfterWrite(BELIEVED)
            .executor(Runnable::run)
            .build();

    ApiSessions(Pool database, PosternConfig config, Revocations revocations, AccessMetrics metrics) {
        this.database = database;
        this.config = config;
        this.revocations = revocations;
        this.metrics = metrics;
    }

    /** Life of a session that is not used. */
    public Duration life() {
        return config.sessions().apiSession();
    }

    /** The session while it lasts; its use now prolongs it. */
    public Uni<Optional<ApiSession>> use(String id, Instant now) {
        ApiSession known = believed.getIfPresent(id);
        if (known != null && now.isBefore(known.expiresAt())) {
            return Uni.createFrom().item(Optional.of(known));
        }
        return database.preparedQuery(FIND)
                .execute(Tuple.of(id, at(now)))
                .map(rows -> first(rows).map(row -> prolonged(row, now)));
    }

    /** Writes at most once in a tenth of the session's life. */
    private ApiSession prolonged(ApiSession session, Instant now) {
        Instant until = now.plus(life());
        ApiSession used = session.used(now, until);
        believed.put(session.id(), used);
        if (session.lastActivityAt().plus(life().dividedBy(10)).isBefore(now)) {
            database.preparedQuery(TOUCH)
                    .execute(Tuple.of(session.id(), at(now), at(until)))
                    .subscribe()
                    .with(
                            done -> {},
                            failure -> LOG.warnf(
                                    "apisession.touch.failed apiSessionId=%s %s", session.id(), failure.getMessage()));
        }
        return used;
    }

    /** Use of sessions on their behalf: those that last are prolonged, written at most once in a tenth of their life. */
    public Uni<Void> prolong(List<String> ids, Instant now) {
        return database.preparedQuery(PROLONG)
                .execute(Tuple.of(
                        ids.toArray(String[]::new), at(now), at(now.plus(life())), at(now.minus(life().dividedBy(10)))))
                .replaceWithVoid();
    }

    public Uni<ApiSession> create(ApiSession session) {
        return database.preparedQuery(CREATE)
                .execute(Tuple.from(List.of(
                        session.id(),
                        at(session.createdAt()),
                        session.identityId(),
                        session.authenticatorId(),
                        session.ipAddress(),
                        session.configTypes().toArray(String[]::new),
                        session.certFingerprints().toArray(String[]::new),
                        at(session.expiresAt()))))
                .map(done -> {
                    created(session);
                    return session;
                });
    }

    /** Takes note of a session whose row was written together with something else. */
    public void created(ApiSession session) {
        believed.put(session.id(), session);
    }

    /** Ends a session and tells the routers, which keep verifying its token otherwise. */
    public Uni<Boolean> delete(String id, Instant tokenEnds) {
        believed.invalidate(id);
        return revocations.apiSession(id, tokenEnds).invoke(ended -> {
            believed.invalidate(id);
            metrics.apiSessionEnded();
            LOG.infof("apisession.ended apiSessionId=%s", id);
        });
    }

    /** Forgets what is believed: the next use of every session reads its row. */
    public void forget() {
        believed.invalidateAll();
    }

    private static Optional<ApiSession> first(RowSet<Row> rows) {
        var all = rows.iterator();
        return all.hasNext() ? Optional.of(read(all.next())) : Optional.empty();
    }

    private static ApiSession read(Row row) {
        return new ApiSession(
                row.getString(0),
                row.getString(1),
                row.getString(2),
                row.getBoolean(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                List.of(row.getArrayOfStrings(7)),
                List.of(row.getArrayOfStrings(8)),
                row.getOffsetDateTime(9).toInstant(),
                row.getOffsetDateTime(10).toInstant(),
                row.getOffsetDateTime(11).toInstant(),
                row.getOffsetDateTime(12).toInstant());
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
    }
}
