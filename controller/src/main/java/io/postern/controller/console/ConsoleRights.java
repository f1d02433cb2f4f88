package io.postern.controller.console;

import io.postern.controller.access.ApiSessions;
import io.postern.controller.console.ContainerHost.Granted;
import io.postern.controller.console.ContainerHost.Who;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What identities, each in an API Session that lasts, may do on the container hosts of a proxy. Read as it stands. */
@Singleton
public class ConsoleRights {
    /** One row more than there are sessions: the index before them, so that an answer is never older than it says. */
    private static final String SESSIONS = """
            select m.last, s.id, s.expires_at, i.id, i.name, i.is_admin, i.role_attributes
            from model_index m
            left join (api_session s join identity i on i.id = s.identity_id)
              on s.id = any($1) and s.expires_at > $2
              and not (i.disabled_at is not null and (i.disabled_until is null or i.disabled_until > $2))
            """;

    private final Pool database;
    private final ConsoleProxies proxies;
    private final ApiSessions sessions;

    ConsoleRights(Pool database, ConsoleProxies proxies, ApiSessions sessions) {
        this.database = database;
        this.proxies = proxies;
        this.sessions = sessions;
    }

    /**
     * An answer.
     *
     * @param index the model's index at which all of this was so, at least
     * @param sessions of those asked for, the API Sessions that last; one that is missing has ended
     */
    public record Answer(long index, List<Standing> sessions) {}

    /** One API Session and its identity's rights. */
    public record Standing(
            String apiSessionId,
            String identityId,
            String identityName,
            boolean isAdmin,
            Instant expiresAt,
            List<Granted> hosts) {}

    /** @param use a console is in use there: the API Sessions are prolonged as by any other use */
    Uni<Answer> of(String proxyId, List<String> apiSessions, boolean use, Instant now) {
        return (use ? sessions.prolong(apiSessions, now) : Uni.createFrom().voidItem())
                .chain(() -> database.preparedQuery(SESSIONS)
                        .execute(Tuple.of(apiSessions.toArray(String[]::new), now.atOffset(ZoneOffset.UTC))))
                .flatMap(rows -> proxies.hosts(proxyId, now).map(hosts -> answer(rows, hosts)));
    }

    private static Answer answer(RowSet<Row> rows, List<ContainerHost> hosts) {
        long index = 0;
        List<Standing> standings = new ArrayList<>();
        for (Row row : rows) {
            index = row.getLong(0);
            if (row.getString(1) != null) {
                standings.add(standing(row, hosts));
            }
        }
        return new Answer(index, standings);
    }

    private static Standing standing(Row row, List<ContainerHost> hosts) {
        Who who = new Who(row.getString(3), row.getString(4), List.of(row.getArrayOfStrings(6)));
        return new Standing(
                row.getString(1),
                who.identityId(),
                who.name(),
                row.getBoolean(5),
                row.getOffsetDateTime(2).toInstant(),
                hosts.stream().map(host -> host.of(who)).toList());
    }
}
