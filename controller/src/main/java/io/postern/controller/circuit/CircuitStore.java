package io.postern.controller.circuit;

import io.postern.controller.channel.ControllerSelf;
import io.postern.controller.network.NetworkLoop;
import io.postern.fabric.path.Path;
import io.postern.fabric.path.PlanRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Circuits in the database. A new one is written before its dial is answered, so that no circuit that carries bytes is
 * unknown to the controller that comes after a crash: one batch is under way at a time, and what comes meanwhile makes the
 * next, so that many dials share one commit. Ends are written behind. On the network loop.
 */
@Singleton
class CircuitStore {
    private static final Logger LOG = Logger.getLogger(CircuitStore.class);
    private static final Duration BEHIND = Duration.ofMillis(50);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    private static final int MOST_WAITING = 200_000;
    /** Paths differ in length: theirs are slices of one array each. */
    private static final String WRITE = """
            with gone as (delete from circuit where id = any($1))
            insert into circuit (id, controller_id, created_at, identity_id, service_id, terminator_id,
                ingress_address, egress_address, cost, routers, links)
            select c.id, $2, c.created_at, c.identity_id, c.service_id, c.terminator_id, c.ingress, c.egress, c.cost,
                ($11::text[])[c.router + 1:c.router_end], ($12::text[])[c.link + 1:c.link_end]
            from unnest($3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                $10::bigint[], $13::int[], $14::int[], $15::int[], $16::int[])
                c (id, created_at, identity_id, service_id, terminator_id, ingress, egress, cost,
                    router, router_end, link, link_end)
            on conflict (id) do update set cost = excluded.cost, routers = excluded.routers, links = excluded.links""";

    private static final String COLUMNS = "id, created_at, identity_id, service_id, terminator_id, ingress_address,"
            + " egress_address, cost, routers, links";

    /** Any number, as long as all controllers take the same. */
    private static final String LOCK = "select pg_advisory_xact_lock(1886611186)";

    private static final String ADOPT_ORPHANS = """
            update circuit set controller_id = $1
            where controller_id <> $1 and not exists (select from controller c where c.id = circuit.controller_id
                and c.heard_at > now() - cast($2 as bigint) * interval '1 millisecond')
            returning
            """ + COLUMNS;
    private static final String ADOPT =
            "update circuit set controller_id = $1 where controller_id <> $1 and id = any($2) returning " + COLUMNS;

    private final Pool pool;
    private final NetworkLoop network;
    private final ControllerSelf self;
    private Map<String, LiveCircuit> changed = new LinkedHashMap<>();
    private List<Runnable> awaiting = new ArrayList<>();
    private Set<String> ended = new LinkedHashSet<>();
    private final Set<String> written = new LinkedHashSet<>();
    private Set<String> underWay = Set.of();
    private boolean scheduled;
    private boolean writing;

    CircuitStore(Pool pool, NetworkLoop network, ControllerSelf self) {
        this.pool = pool;
        this.network = network;
        this.self = self;
    }

    /** Writes soon; nobody waits. */
    void put(LiveCircuit circuit) {
        if (changed.size() < MOST_WAITING) {
            changed.put(circuit.circuitId(), circuit);
            schedule(BEHIND);
        }
    }

    /** Writes now, or with the next batch when one is under way; runs the task on the loop when done, or failed. */
    void put(LiveCircuit circuit, Runnable done) {
        if (changed.size() >= MOST_WAITING) {
            done.run();
            return;
        }
        changed.put(circuit.circuitId(), circuit);
        ended.remove(circuit.circuitId());
        awaiting.add(done);
        if (!writing) {
            flush();
        }
    }

    void remove(LiveCircuit circuit) {
        changed.remove(circuit.circuitId());
        if (written.contains(circuit.circuitId())) {
            ended.add(circuit.circuitId());
            schedule(BEHIND);
        }
    }

    private void schedule(Duration delay) {
        if (!scheduled && !writing) {
            scheduled = true;
            network.after(delay, () -> {
                scheduled = false;
                if (!writing) {
                    flush();
                }
            });
        }
    }

    private void flush() {
        Map<String, LiveCircuit> puts = changed;
        Set<String> gone = ended;
        List<Runnable> waiters = awaiting;
        changed = new LinkedHashMap<>();
        ended = new LinkedHashSet<>();
        awaiting = new ArrayList<>();
        writing = true;
        // a circuit that ends while its row is being written is ended by the next flush
        written.addAll(puts.keySet());
        underWay = puts.keySet();
        write(puts.values(), gone)
                .onComplete(
                        done -> network.run(() -> {
                            written.removeAll(gone);
                            goOn(BEHIND, waiters);
                        }),
                        failure -> network.run(() -> {
                            LOG.warnf("circuit.store.failed count=%d: %s", puts.size(), failure.getMessage());
                            puts.forEach((id, circuit) -> {
                                if (!ended.contains(id)) {
                                    changed.putIfAbsent(id, circuit);
                                }
                            });
                            ended.addAll(gone);
                            goOn(AFTER_FAILURE, waiters);
                        }));
    }

    /** A database that is away stops no dial: those who waited go on in either case. */
    private void goOn(Duration delay, List<Runnable> waiters) {
        writing = false;
        underWay = Set.of();
        waiters.forEach(Runnable::run);
        if (writing) {
            return;
        }
        if (!awaiting.isEmpty()) {
            flush();
        } else if (!changed.isEmpty() || !ended.isEmpty()) {
            schedule(delay);
        }
    }

    /** One statement, one commit, for however many began and ended. */
    private Future<?> write(Collection<LiveCircuit> circuits, Set<String> gone) {
        if (circuits.isEmpty()) {
            return delete(gone);
        }
        List<LiveCircuit> all = List.copyOf(circuits);
        Slices routers = Slices.of(all, circuit -> circuit.path().routers());
        Slices links = Slices.of(all, circuit -> circuit.path().links());
        Tuple values = Tuple.tuple()
                .addArrayOfString(gone.toArray(String[]::new))
                .addString(self.id())
                .addArrayOfString(texts(all, LiveCircuit::circuitId))
                .addArrayOfOffsetDateTime(all.stream()
                        .map(circuit -> circuit.createdAt().atOffset(ZoneOffset.UTC))
                        .toArray(OffsetDateTime[]::new))
                .addArrayOfString(texts(all, LiveCircuit::identityId))
                .addArrayOfString(texts(all, LiveCircuit::serviceId))
                .addArrayOfString(texts(all, LiveCircuit::terminatorId))
                .addArrayOfString(texts(all, circuit -> circuit.ends().ingress()))
                .addArrayOfString(texts(all, circuit -> circuit.ends().egress()))
                .addArrayOfLong(
                        all.stream().map(circuit -> circuit.path().cost()).toArray(Long[]::new))
                .addArrayOfString(routers.texts())
                .addArrayOfString(links.texts())
                .addArrayOfInteger(routers.starts())
                .addArrayOfInteger(routers.ends())
                .addArrayOfInteger(links.starts())
                .addArrayOfInteger(links.ends());
        return pool.preparedQuery(WRITE).execute(values);
    }

    private static String[] texts(List<LiveCircuit> circuits, Function<LiveCircuit, String> text) {
        return circuits.stream().map(text).toArray(String[]::new);
    }

    /** Lists of texts, laid end to end, with where each starts and ends. */
    private record Slices(String[] texts, Integer[] starts, Integer[] ends) {
        static Slices of(List<LiveCircuit> circuits, Function<LiveCircuit, List<String>> texts) {
            List<String> all = new ArrayList<>();
            Integer[] starts = new Integer[circuits.size()];
            Integer[] ends = new Integer[circuits.size()];
            for (int i = 0; i < starts.length; i++) {
                starts[i] = all.size();
                all.addAll(texts.apply(circuits.get(i)));
                ends[i] = all.size();
            }
            return new Slices(all.toArray(String[]::new), starts, ends);
        }
    }

    private Future<?> delete(Set<String> ids) {
        return ids.isEmpty()
                ? Future.succeededFuture()
                : pool.preparedQuery("delete from circuit where id = any($1)")
                        .execute(Tuple.of(ids.toArray(String[]::new)));
    }

    /** Circuits this controller made or took over before it was restarted. */
    Future<List<LiveCircuit>> load() {
        return locked("select " + COLUMNS + " from circuit where controller_id = $1", Tuple.of(self.id()));
    }

    /** Takes over the circuits of controllers that are gone, or have not been heard of for so long. */
    Future<List<LiveCircuit>> adoptOrphans(Duration silence) {
        return locked(ADOPT_ORPHANS, Tuple.of(self.id(), silence.toMillis()));
    }

    /** Takes over these circuits from whichever controllers have them; those that exist and are not ours already. */
    Future<List<LiveCircuit>> adopt(Collection<String> ids) {
        return locked(ADOPT, Tuple.tuple().addString(self.id()).addArrayOfString(ids.toArray(String[]::new)));
    }

    /** One controller at a time, so that one that starts and one that thinks it dead do not both have a circuit. */
    private Future<List<LiveCircuit>> locked(String sql, Tuple values) {
        return pool.withTransaction(connection -> connection
                .query(LOCK)
                .execute()
                .compose(locked -> connection.preparedQuery(sql).execute(values))
                .map(CircuitStore::circuits));
    }

    /** Circuits of all controllers. */
    Future<List<LiveCircuit>> all() {
        return pool.query("select " + COLUMNS + " from circuit order by created_at, id")
                .execute()
                .map(CircuitStore::circuits);
    }

    /** Ids of the circuits that are this controller's according to the database. */
    Future<Set<String>> own() {
        return pool.preparedQuery("select id from circuit where controller_id = $1")
                .execute(Tuple.of(self.id()))
                .map(CircuitStore::ids);
    }

    /** Another controller has it now: nothing is written of it any more. */
    void forget(String circuitId) {
        changed.remove(circuitId);
        ended.remove(circuitId);
        written.remove(circuitId);
    }

    /** Whether something of the circuit is still to be written. */
    boolean isBehind(String circuitId) {
        return changed.containsKey(circuitId) || underWay.contains(circuitId);
    }

    private static List<LiveCircuit> circuits(RowSet<Row> rows) {
        List<LiveCircuit> all = new ArrayList<>();
        rows.forEach(row -> all.add(circuit(row)));
        return all;
    }

    private static Set<String> ids(RowSet<Row> rows) {
        Set<String> found = new LinkedHashSet<>();
        rows.forEach(row -> found.add(row.getString(0)));
        return found;
    }

    void loaded(LiveCircuit circuit) {
        written.add(circuit.circuitId());
    }

    private static LiveCircuit circuit(Row row) {
        OffsetDateTime created = row.getOffsetDateTime("created_at");
        return new LiveCircuit(
                row.getString("id"),
                row.getString("identity_id"),
                row.getString("service_id"),
                row.getString("terminator_id"),
                new PlanRequest.Ends(row.getString("ingress_address"), row.getString("egress_address")),
                new Path(
                        List.of(row.getArrayOfStrings("routers")),
                        List.of(row.getArrayOfStrings("links")),
                        row.getLong("cost")),
                created == null ? Instant.EPOCH : created.toInstant());
    }

    /** Which of these some controller knows: another one, or this one before it has read its own. */
    Future<Set<String>> known(Collection<String> ids) {
        return pool.preparedQuery("select id from circuit where id = any($1)")
                .execute(Tuple.of(ids.toArray(String[]::new)))
                .map(CircuitStore::ids);
    }
}
