package io.postern.controller.client;

import io.postern.api.EntityRef;
import io.postern.api.ErrorCode;
import io.postern.api.Link;
import io.postern.api.Refusal;
import io.postern.controller.access.AccessMetrics;
import io.postern.controller.access.ApiSession;
import io.postern.controller.access.Caller;
import io.postern.controller.access.Revocations;
import io.postern.controller.boot.PosternConfig;
import io.postern.controller.client.EdgeRouterViews.EdgeRouterView;
import io.postern.controller.client.Grants.UsableRouter;
import io.postern.controller.kernel.Ids;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.token.ServiceClaims;
import io.postern.controller.token.Tokens;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Sessions of one API Session. Asking twice for the same service and type gives the same Session, so that a client that asks
 * again after every lost channel leaves no trail.
 */
@Singleton
public class ClientSessions {
    private static final Logger LOG = Logger.getLogger(ClientSessions.class);
    private static final String CREATE = """
            with old as (select id, created_at from session
                         where api_session_id = $2 and service_id = $4 and type = $5 limit 1),
                 new as (insert into session (id, created_at, updated_at, api_session_id, identity_id, service_id, type)
                         select $1, $6, $6, $2, $3, $4, $5 where not exists (select from old)
                         returning id, created_at)
            select id, created_at from old union all select id, created_at from new
            """;
    private static final String SELECT = """
            select s.id, s.created_at, s.type, s.service_id, t.name from session s join service t on t.id = s.service_id
            where s.api_session_id = $1
            """;

    private final Pool database;
    private final Kernel kernel;
    private final Grants grants;
    private final EdgeRouterViews routers;
    private final Tokens tokens;
    private final Revocations revocations;
    private final PosternConfig config;
    private final AccessMetrics metrics;

    ClientSessions(
            Pool database,
            Kernel kernel,
            Grants grants,
            EdgeRouterViews routers,
            Tokens tokens,
            Revocations revocations,
            PosternConfig config,
            AccessMetrics metrics) {
        this.database = database;
        this.kernel = kernel;
        this.grants = grants;
        this.routers = routers;
        this.tokens = tokens;
        this.revocations = revocations;
        this.config = config;
        this.metrics = metrics;
    }

    private record Stored(String id, Instant createdAt, String type, String serviceId, String serviceName) {}

    Uni<SessionView> create(Caller caller, String serviceId, String type) {
        ApiSession session = caller.apiSession();
        String identityId = session.identityId();
        return grants.service(identityId, serviceId, type).flatMap(asked -> {
            if (asked.isEmpty()) {
                throw Refusal.notFound("service", serviceId);
            }
            if (!asked.get().isPermitted()) {
                metrics.sessionDenied(type);
                LOG.infof(
                        "session.denied identityId=%s serviceId=%s type=%s no service policy covers both",
                        identityId, serviceId, type);
                throw Refusal.field("ServiceId", "service not found", serviceId);
            }
            return grants.routers(identityId, serviceId).flatMap(usable -> {
                List<EdgeRouterView> listed = listed(usable, type);
                return listed.isEmpty()
                        ? noRouter(identityId, serviceId, type, usable.size())
                        : store(session, serviceId, asked.get().name(), type)
                                .map(stored -> view(caller, stored, listed));
            });
        });
    }

    /**
     * Routers that are online. A host whose routers are all away for a moment gets them without addresses, as stock has it: the C
     * SDK 0.29 tries again then, and binds no more after a refusal. A dial is better told at once.
     */
    private List<EdgeRouterView> listed(List<UsableRouter> usable, String type) {
        List<EdgeRouterView> online = routers.online(usable, true);
        return online.isEmpty() && type.equals("Bind") ? routers.offline(usable) : online;
    }

    /** Fails, and names the policy that is missing. */
    private Uni<SessionView> noRouter(String identityId, String serviceId, String type, int usable) {
        Uni<String> why = usable > 0
                ? Uni.createFrom().item("none of the " + usable + " edge routers that the policies allow is online")
                : grants.routers(identityId)
                        .map(own -> own.isEmpty()
                                ? "no edge-router policy gives this identity an enabled edge router"
                                : "no service-edge-router policy gives the service one of the " + own.size()
                                        + " edge routers that edge-router policies give this identity");
        return why.map(text -> {
            metrics.sessionDenied(type);
            LOG.infof("session.denied identityId=%s serviceId=%s type=%s %s", identityId, serviceId, type, text);
            throw Refusal.of(ErrorCode.NO_EDGE_ROUTERS_AVAILABLE, text);
        });
    }

    Uni<List<SessionView>> of(Caller caller) {
        return query(SELECT + " order by s.created_at, s.id", Tuple.of(caller.apiSessionId()))
                .map(all -> all.stream()
                        .map(stored -> view(caller, stored, List.of()))
                        .toList());
    }

    Uni<SessionView> get(Caller caller, String id) {
        return query(SELECT + " and s.id = $2", Tuple.of(caller.apiSessionId(), id))
                .flatMap(found -> {
                    if (found.isEmpty()) {
                        throw Refusal.notFound("session", id);
                    }
                    Stored stored = found.getFirst();
                    return grants.routers(caller.identityId(), stored.serviceId())
                            .map(usable -> view(caller, stored, routers.online(usable, true)));
                });
    }

    /** Routers learn that the Session's token has ended. */
    Uni<Void> delete(ApiSession session, String id) {
        return kernel.write(work -> work.session()
                .createNativeQuery("delete from session where id = ?1 and api_session_id = ?2")
                .setParameter(1, id)
                .setParameter(2, session.id())
                .executeUpdate()
                .flatMap(count -> {
                    if (count == 0) {
                        throw Refusal.notFound("session", id);
                    }
                    return revocations.session(work, id);
                }));
    }

    private Uni<Stored> store(ApiSession session, String serviceId, String serviceName, String type) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return database.preparedQuery(CREATE)
                .execute(Tuple.of(
                        Ids.next(), session.id(), session.identityId(), serviceId, type, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Stored(
                            row.getString(0), row.getOffsetDateTime(1).toInstant(), type, serviceId, serviceName);
                })
                .invoke(stored -> {
                    metrics.sessionCreated(type);
                    LOG.infof(
                            "session.created sessionId=%s apiSessionId=%s identityId=%s serviceId=%s type=%s",
                            stored.id(), session.id(), session.identityId(), serviceId, type);
                });
    }

    private Uni<List<Stored>> query(String sql, Tuple values) {
        return database.preparedQuery(sql).execute(values).map(rows -> {
            var list = new ArrayList<Stored>();
            rows.forEach(row -> list.add(new Stored(
                    row.getString(0),
                    row.getOffsetDateTime(1).toInstant(),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4))));
            return list;
        });
    }

    private SessionView view(Caller caller, Stored stored, List<EdgeRouterView> online) {
        ApiSession session = caller.apiSession();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String token = tokens.sign(new ServiceClaims(
                stored.id(),
                session.id(),
                session.identityId(),
                stored.serviceId(),
                stored.type(),
                !caller.claims().isOidc(),
                now,
                now.plus(config.sessions().session())));
        return new SessionView(
                stored.id(),
                stored.createdAt(),
                stored.createdAt(),
                Map.of(),
                Link.self("sessions", stored.id()),
                token,
                stored.type(),
                stored.serviceId(),
                EntityRef.of("services", stored.serviceId(), stored.serviceName()),
                session.identityId(),
                session.id(),
                EntityRef.of("api-sessions", session.id(), ""),
                online);
    }
}
