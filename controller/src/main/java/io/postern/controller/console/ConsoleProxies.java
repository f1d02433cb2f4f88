package io.postern.controller.console;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may ask as a console proxy: an identity that may dial a container host. It is as root there already, so it may know
 * what others are granted there; it learns of no other host.
 */
@Singleton
public class ConsoleProxies {
    private static final String HOSTS = """
            select s.id, s.name, c.data from service s
            join config c on c.id = any(s.configs) and c.config_type_id = 'containers.v1'
            where exists (
                select from service_policy p, identity i
                where i.id = $1 and p.type = 'Dial'
                  and not (i.disabled_at is not null and (i.disabled_until is null or i.disabled_until > $2))
                  and role_matches(p.identity_roles, p.semantic, i.id, i.role_attributes)
                  and role_matches(p.service_roles, p.semantic, s.id, s.role_attributes))
            order by s.name
            """;
    /** Written at most once in a minute. */
    private static final String SEEN = """
            insert into console_proxy (identity_id, seen_at) values ($1, $2)
            on conflict (identity_id) do update set seen_at = excluded.seen_at
            where console_proxy.seen_at < excluded.seen_at - interval '1 minute'
            """;

    private static final String REPORTS =
            "select exists (select from console_proxy where identity_id = $1 and seen_at > $2)";

    private final Pool database;
    private final ConsoleConfig config;

    ConsoleProxies(Pool database, ConsoleConfig config) {
        this.database = database;
        this.config = config;
    }

    /** The hosts that the proxy may dial. Fails with {@code FORBIDDEN} when there is none. */
    Uni<List<ContainerHost>> hosts(String proxyId, Instant now) {
        return database.preparedQuery(HOSTS)
                .execute(Tuple.of(proxyId, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    List<ContainerHost> hosts = new ArrayList<>();
                    rows.forEach(row -> hosts.add(new ContainerHost(
                            row.getString(0),
                            row.getString(1),
                            row.getJsonObject(2).getMap())));
                    if (hosts.isEmpty()) {
                        throw refused();
                    }
                    return hosts;
                })
                .call(hosts -> database.preparedQuery(SEEN).execute(Tuple.of(proxyId, now.atOffset(ZoneOffset.UTC))));
    }

    /** Completes when the identity is a proxy, or was one lately. */
    Uni<Void> admitReports(String proxyId, Instant now) {
        Instant since = now.minus(config.reportsAfter());
        return database.preparedQuery(REPORTS)
                .execute(Tuple.of(proxyId, since.atOffset(ZoneOffset.UTC)))
                .flatMap(rows -> rows.iterator().next().getBoolean(0)
                        ? Uni.createFrom().voidItem()
                        : hosts(proxyId, now).replaceWithVoid());
    }

    private static Refusal refused() {
        return Refusal.of(ErrorCode.FORBIDDEN, "no service policy lets this identity dial a container host");
    }
}
