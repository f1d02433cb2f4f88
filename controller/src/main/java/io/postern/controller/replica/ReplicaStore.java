package io.postern.controller.replica;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The tables of controllers. Times are the database's, so that clocks of controllers need not agree. Any thread. */
@Singleton
class ReplicaStore {
    private static final String JOIN = """
            insert into controller (id, instance, version, control_address, url, cert_pem, fingerprint, joined_at, heard_at)
            values ($1, $2, $3, $4, $5, $6, $7, now(), now())
            on conflict (id) do update set instance = excluded.instance, version = excluded.version,
                control_address = excluded.control_address, url = excluded.url, cert_pem = excluded.cert_pem,
                fingerprint = excluded.fingerprint, joined_at = now(), heard_at = now(),
                routers_version = controller.routers_version + 1""";
    private static final String BEAT = "update controller set heard_at = now() where id = $1 and instance = $2";
    private static final String BEAT_ROUTERS = "update controller set heard_at = now(),"
            + " routers_version = routers_version + 1 where id = $1 and instance = $2";
    private static final String NO_ROUTERS = "delete from router_channel where controller_id = $1";
    private static final String ROUTERS_GONE = NO_ROUTERS + " and router_id = any($2)";
    private static final String ROUTER = """
            insert into router_channel (controller_id, router_id, hostname, protocols, version)
            values ($1, $2, $3, $4, $5)
            on conflict (controller_id, router_id) do update set hostname = excluded.hostname,
                protocols = excluded.protocols, version = excluded.version""";
    private static final String LEAVE = "delete from controller where id = $1 and instance = $2";
    private static final String FORGET =
            "delete from controller where heard_at < now() - cast($1 as bigint) * interval '1 millisecond'";
    private static final String READ = """
            select s.version as set_version, c.id, c.instance, c.version, c.control_address, c.url, c.cert_pem,
                c.fingerprint, c.joined_at, c.heard_at, c.routers_version,
                c.heard_at > now() - cast($1 as bigint) * interval '1 millisecond' as online
            from controller_set s left join controller c on true order by c.joined_at, c.id""";

    private final Pool pool;

    ReplicaStore(Pool pool) {
        this.pool = pool;
    }

    Future<Void> join(Replica self) {
        return pool.withTransaction(connection -> connection
                .preparedQuery(JOIN)
                .execute(Tuple.tuple()
                        .addString(self.id())
                        .addString(self.instance())
                        .addString(self.version())
                        .addString(self.controlAddress())
                        .addString(self.url())
                        .addString(self.certPem())
                        .addString(self.fingerprint()))
                .compose(done -> connection.preparedQuery(NO_ROUTERS).execute(Tuple.of(self.id())))
                .mapEmpty());
    }

    /** False when the row is not there any more, or another process has taken the id. */
    Future<Boolean> beat(String id, String instance) {
        return pool.preparedQuery(BEAT).execute(Tuple.of(id, instance)).map(rows -> rows.rowCount() > 0);
    }

    /** As {@link #beat}, and tells the others which routers came, changed and went. */
    Future<Boolean> beat(String id, String instance, Map<String, RouterSeen> before, Map<String, RouterSeen> now) {
        return pool.withTransaction(connection -> connection
                .preparedQuery(BEAT_ROUTERS)
                .execute(Tuple.of(id, instance))
                .compose(rows -> rows.rowCount() == 0
                        ? Future.succeededFuture(false)
                        : routers(connection, id, before, now).map(true)));
    }

    private static Future<?> routers(
            SqlConnection connection, String id, Map<String, RouterSeen> before, Map<String, RouterSeen> now) {
        String[] gone = before.keySet().stream()
                .filter(router -> !now.containsKey(router))
                .toArray(String[]::new);
        List<Tuple> news = new ArrayList<>();
        now.forEach((router, seen) -> {
            if (!seen.equals(before.get(router))) {
                news.add(Tuple.of(id, router, seen.hostname(), protocols(seen), seen.version()));
            }
        });
        return connection
                .preparedQuery(ROUTERS_GONE)
                .execute(Tuple.tuple().addString(id).addArrayOfString(gone))
                .compose(done -> news.isEmpty()
                        ? Future.succeededFuture()
                        : connection.preparedQuery(ROUTER).executeBatch(news));
    }

    private static JsonObject protocols(RouterSeen seen) {
        JsonObject protocols = new JsonObject();
        seen.protocols().forEach(protocols::put);
        return protocols;
    }

    Future<Void> leave(String id, String instance) {
        return pool.preparedQuery(LEAVE).execute(Tuple.of(id, instance)).mapEmpty();
    }

    /** How many controllers were silent for so long that they are gone. */
    Future<Integer> forget(Duration silence) {
        return pool.preparedQuery(FORGET).execute(Tuple.of(silence.toMillis())).map(rows -> rows.rowCount());
    }

    /** Reads the routers only when some controller has others than are known. */
    Future<ReplicaSet> read(ReplicaSet known, Duration silence) {
        return pool.preparedQuery(READ)
                .execute(Tuple.of(silence.toMillis()))
                .map(rows -> {
                    List<Replica> all = new ArrayList<>();
                    long version = 0;
                    for (Row row : rows) {
                        version = row.getLong("set_version");
                        if (row.getString("id") != null) {
                            all.add(replica(row));
                        }
                    }
                    return new ReplicaSet(known.self(), version, all);
                })
                .compose(read -> withRouters(known, read));
    }

    private Future<ReplicaSet> withRouters(ReplicaSet known, ReplicaSet read) {
        List<Replica> filled = read.all().stream()
                .map(each -> known.all().stream()
                        .filter(old -> old.id().equals(each.id()) && old.routersVersion() == each.routersVersion())
                        .findFirst()
                        .map(old -> each.with(old.routers()))
                        .orElse(null))
                .filter(Objects::nonNull)
                .toList();
        if (filled.size() == read.all().size()) {
            return Future.succeededFuture(new ReplicaSet(read.self(), read.version(), filled));
        }
        return pool.query("select controller_id, router_id, hostname, protocols, version from router_channel")
                .execute()
                .map(rows -> {
                    Map<String, Map<String, RouterSeen>> routers = new HashMap<>();
                    for (Row row : rows) {
                        routers.computeIfAbsent(row.getString("controller_id"), id -> new HashMap<>())
                                .put(row.getString("router_id"), seen(row));
                    }
                    return new ReplicaSet(
                            read.self(),
                            read.version(),
                            read.all().stream()
                                    .map(each -> each.with(routers.getOrDefault(each.id(), Map.of())))
                                    .toList());
                });
    }

    private static RouterSeen seen(Row row) {
        Map<String, String> protocols = new HashMap<>();
        row.getJsonObject("protocols").forEach(each -> protocols.put(each.getKey(), String.valueOf(each.getValue())));
        return new RouterSeen(row.getString("hostname"), protocols, row.getString("version"));
    }

    private static Replica replica(Row row) {
        return new Replica(
                row.getString("id"),
                row.getString("instance"),
                row.getString("version"),
                row.getString("control_address"),
                row.getString("url"),
                row.getString("cert_pem"),
                row.getString("fingerprint"),
                row.getOffsetDateTime("joined_at").toInstant(),
                row.getOffsetDateTime("heard_at").toInstant(),
                row.getBoolean("online"),
                row.getLong("routers_version"),
                Map.of());
    }
}
