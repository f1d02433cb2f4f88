package io.postern.controller.hosting;

import io.postern.fabric.path.Precedence;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Terminators in the database. Each write is a change of the model, so that every replica hears of it. */
@Singleton
public class TerminatorStore {
    private static final String CHANGED = """
            , taken as (update model_index set last = last + 1 where exists (select from done) returning last)
            insert into model_change (index, seq, kind, entity_id, action, at)
            select taken.last, row_number() over (), 'terminator', done.id, '%s', now() from done, taken""";
    private static final String INSERT = """
            with done as (insert into terminator (id, created_at, updated_at, service_id, router_id, binding, address,
                instance_id, instance_secret, cost, precedence, host_id, peer_data)
            values ($1, now(), now(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            on conflict (id) do update set updated_at = now(), address = excluded.address, cost = excluded.cost,
                precedence = excluded.precedence, instance_id = excluded.instance_id,
                instance_secret = excluded.instance_secret, peer_data = excluded.peer_data
            where terminator.router_id = excluded.router_id and terminator.service_id = excluded.service_id
                and terminator.host_id = excluded.host_id
            returning id)""" + CHANGED.formatted("CREATE");
    private static final String UPDATE = """
            with done as (update terminator set updated_at = now(), cost = $2, precedence = $3
                where id = $1 returning id)""" + CHANGED.formatted("UPDATE");
    private static final String DELETE =
            "with done as (delete from terminator where id = any($1) returning id)" + CHANGED.formatted("DELETE");
    private static final String SELECT = """
            select id, service_id, router_id, binding, address, instance_id, instance_secret, cost, precedence, host_id,
                peer_data from terminator""";

    private final Pool pool;
    private final AtomicLong markers = new AtomicLong();

    TerminatorStore(Pool pool) {
        this.pool = pool;
    }

    /** A number no other terminator of this process has. */
    long nextMarker() {
        return markers.incrementAndGet();
    }

    /** False when the id belongs to another router, service or host. */
    Future<Boolean> insert(LiveTerminator terminator) {
        JsonObject peerData = new JsonObject();
        terminator.peerData().forEach((id, value) -> peerData.put(String.valueOf(id), value));
        Tuple values = Tuple.tuple()
                .addString(terminator.terminatorId())
                .addString(terminator.serviceId())
                .addString(terminator.routerId())
                .addString(terminator.binding())
                .addString(terminator.address())
                .addString(terminator.instanceId())
                .addBuffer(Buffer.buffer(terminator.instanceSecret()))
                .addInteger(terminator.cost())
                .addString(terminator.precedence().word())
                .addString(terminator.hostId())
                .addJsonObject(peerData);
        return pool.preparedQuery(INSERT).execute(values).map(rows -> rows.rowCount() > 0);
    }

    Future<Void> update(LiveTerminator terminator) {
        return pool.preparedQuery(UPDATE)
                .execute(Tuple.of(
                        terminator.terminatorId(),
                        terminator.cost(),
                        terminator.precedence().word()))
                .mapEmpty();
    }

    Future<Void> delete(Collection<String> ids) {
        return pool.preparedQuery(DELETE)
                .execute(Tuple.of(ids.toArray(String[]::new)))
                .mapEmpty();
    }

    Future<List<LiveTerminator>> all() {
        return pool.preparedQuery(SELECT).execute().map(this::terminators);
    }

    Future<List<LiveTerminator>> some(Collection<String> ids) {
        return pool.preparedQuery(SELECT + " where id = any($1)")
                .execute(Tuple.of(ids.toArray(String[]::new)))
                .map(this::terminators);
    }

    Future<List<LiveTerminator>> one(String id) {
        return pool.preparedQuery(SELECT + " where id = $1")
                .execute(Tuple.of(id))
                .map(this::terminators);
    }

    private List<LiveTerminator> terminators(RowSet<Row> rows) {
        List<LiveTerminator> all = new ArrayList<>();
        rows.forEach(row -> all.add(terminator(row)));
        return all;
    }

    private LiveTerminator terminator(Row row) {
        Map<Integer, byte[]> peerData = new HashMap<>();
        row.getJsonObject("peer_data")
                .forEach(each -> peerData.put(
                        Integer.parseInt(each.getKey()), Base64.getUrlDecoder().decode((String) each.getValue())));
        Buffer secret = row.getBuffer("instance_secret");
        return new LiveTerminator(
                row.getString("id"),
                row.getString("service_id"),
                row.getString("router_id"),
                row.getString("binding"),
                row.getString("address"),
                row.getString("instance_id"),
                secret == null ? new byte[0] : secret.getBytes(),
                row.getString("host_id"),
                row.getInteger("cost"),
                Precedence.ofWord(row.getString("precedence")),
                peerData,
                nextMarker(),
                new LiveTerminator.Costs());
    }
}
