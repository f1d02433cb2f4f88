package io.postern.controller.model;

import io.postern.controller.network.NetworkLoop;
import io.postern.observe.Trouble;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@link NetworkModel} level with the database. Changes are read by index, in order, a page at a time; whoever
 * wrote one pokes, and a slow tick finds what no poke announced. The index of an update is the database's.
 */
@Singleton
public class ModelFeed {
    private static final Logger LOG = Logger.getLogger(ModelFeed.class);
    private static final Duration TICK = Duration.ofSeconds(2);
    /** Whole indexes only; the oldest one kept tells whether some were forgotten. */
    private static final String PAGE_QUERY = """
            select index, kind, entity_id, (select min(index) from model_change) as oldest from model_change
            where index in (select distinct index from model_change where index > $1 order by index limit 200)
            order by index, seq""";

    /** The timeline, and the last index that routers were told of: of older changes nothing may be kept. */
    private static final String MARKS_QUERY = """
            select id, coalesce((select max(index) from model_change where index <= $1
                and regexp_replace(lower(kind), '[^a-z]', '', 'g') = any($2)), $1)
            from model_timeline""";

    private final NetworkLoop network;
    private final Pool pool;
    private final NetworkModel model = new NetworkModel();
    private final List<ModelListener> listeners = new ArrayList<>();
    private final Trouble trouble = new Trouble();
    private volatile boolean loaded;
    private volatile String timelineId = "";
    private volatile long routersIndex;

    // confined to the network loop
    private boolean reading;
    private boolean again;
    private List<CompletableFuture<Long>> waiting = new ArrayList<>();

    private record Change(long index, String kind, String id) {}

    private record Page(long oldest, List<Change> changes, Map<ModelReader, Map<String, Entry>> entries) {}

    ModelFeed(NetworkLoop network, Pool pool) {
        this.network = network;
        this.pool = pool;
    }

    /** Before {@link #start}; called on the network loop later. */
    public void listen(ModelListener listener) {
        listeners.add(listener);
    }

    /** On the network loop only. */
    public NetworkModel model() {
        return model;
    }

    public boolean isLoaded() {
        return loaded;
    }

    /** Names this database's sequence of indexes; another database has another. Empty until loaded. */
    public String timelineId() {
        return timelineId;
    }

    /** The index of the last change that routers know of, as it was when the model was read whole. */
    public long routersIndex() {
        return routersIndex;
    }

    /** Reads the model whole, again until it works, then keeps reading changes. Completes with the index. */
    public CompletionStage<Long> start() {
        CompletableFuture<Long> started = new CompletableFuture<>();
        start(started);
        return started;
    }

    private void start(CompletableFuture<Long> started) {
        snapshot()
                .onComplete(
                        read -> network.execute(() -> {
                            load(read);
                            network.every(TICK, this::poke);
                            poke();
                            started.complete(model.index());
                        }),
                        failure -> {
                            if (trouble.isNews(failure.getMessage())) {
                                LOG.warnf("model.load.failed: %s", failure.getMessage());
                            }
                            network.after(TICK, () -> start(started));
                        });
    }

    private record Snapshot(long index, long routersIndex, String timelineId, List<Entry> entries) {}

    private Future<Snapshot> snapshot() {
        return pool.withTransaction(connection -> connection
                .query("set transaction isolation level repeatable read, read only")
                .execute()
                .compose(set -> connection.query("select last from model_index").execute())
                .compose(rows -> everything(connection, rows.iterator().next().getLong(0))));
    }

    private Future<Snapshot> everything(SqlConnection connection, long index) {
        List<Entry> entries = new ArrayList<>();
        Future<?> reading = Future.succeededFuture();
        for (ModelReader reader : ModelReader.values()) {
            reading = reading.compose(done -> reader.all(connection)).onSuccess(entries::addAll);
        }
        return reading.compose(done -> connection
                        .preparedQuery(MARKS_QUERY)
                        .execute(Tuple.tuple().addLong(index).addArrayOfString(ModelReader.kinds())))
                .map(rows -> rows.iterator().next())
                .map(row -> new Snapshot(index, row.getLong(1), row.getString(0), entries));
    }

    /** What the snapshot has and has not, as changes to what is known. */
    private void load(Snapshot read) {
        List<ModelEvent> events = new ArrayList<>();
        for (Class<? extends Entry> kind : model.kinds()) {
            Set<String> kept = new HashSet<>();
            read.entries().stream().filter(kind::isInstance).forEach(entry -> kept.add(entry.key()));
            List<String> gone = model.all(kind).stream()
                    .map(Entry::key)
                    .filter(key -> !kept.contains(key))
                    .toList();
            gone.forEach(key -> events.addAll(model.remove(kind, key)));
        }
        read.entries().forEach(entry -> events.addAll(model.put(entry)));
        timelineId = read.timelineId();
        routersIndex = read.routersIndex();
        LOG.infof(
                "model.loaded index=%d entries=%d timelineId=%s",
                read.index(), read.entries().size(), timelineId);
        if (loaded) {
            tell(new ModelUpdate(read.index(), model.index(), true, events));
        } else {
            loaded = true;
            model.index(read.index());
            each(ModelListener::reloaded);
        }
    }

    /** Somebody changed the model. Any thread, never waits. */
    public void poke() {
        network.run(() -> {
            if (loaded && !reading) {
                readOn();
            } else {
                // the page being read may be too old for this poke
                again = true;
            }
        });
    }

    /** Reads what was committed before the call. Completes with the index reached; any thread. */
    public CompletionStage<Long> refresh() {
        CompletableFuture<Long> done = new CompletableFuture<>();
        network.run(() -> {
            waiting.add(done);
            poke();
        });
        return done;
    }

    private void readOn() {
        reading = true;
        again = false;
        List<CompletableFuture<Long>> served = waiting;
        waiting = new ArrayList<>();
        page(model.index())
                .onComplete(
                        page -> network.execute(() -> apply(page, served)),
                        failure -> network.execute(() -> failed(failure, served)));
    }

    private Future<Page> page(long after) {
        return pool.withTransaction(connection -> connection
                .query("set transaction isolation level repeatable read, read only")
                .execute()
                .compose(set -> connection.preparedQuery(PAGE_QUERY).execute(Tuple.of(after)))
                .compose(rows -> {
                    List<Change> changes = new ArrayList<>();
                    long oldest = 0;
                    for (Row row : rows) {
                        changes.add(new Change(row.getLong(0), row.getString(1), row.getString(2)));
                        oldest = row.getLong(3);
                    }
                    return entries(connection, oldest, changes);
                }));
    }

    private static Future<Page> entries(SqlConnection connection, long oldest, List<Change> changes) {
        Map<ModelReader, Set<String>> wanted = new EnumMap<>(ModelReader.class);
        for (Change each : changes) {
            ModelReader reader = ModelReader.of(each.kind());
            if (reader != null) {
                wanted.computeIfAbsent(reader, key -> new LinkedHashSet<>()).add(each.id());
            }
        }
        Page page = new Page(oldest, changes, new EnumMap<>(ModelReader.class));
        Future<?> reading = Future.succeededFuture();
        for (Map.Entry<ModelReader, Set<String>> each : wanted.entrySet()) {
            reading = reading.compose(done -> each.getKey().some(connection, List.copyOf(each.getValue())))
                    .onSuccess(found -> page.entries().put(each.getKey(), byId(found)));
        }
        return reading.map(page);
    }

    private static Map<String, Entry> byId(List<Entry> entries) {
        Map<String, Entry> byId = new HashMap<>();
        entries.forEach(entry -> byId.put(entry.id(), entry));
        return byId;
    }

    private void apply(Page page, List<CompletableFuture<Long>> served) {
        if (page.oldest() > model.index() + 1) {
            LOG.warnf(
                    "model.changes.forgotten index=%d oldest=%d: reading the model whole",
                    model.index(), page.oldest());
            snapshot()
                    .onComplete(
                            read -> network.execute(() -> {
                                load(read);
                                finished(served);
                            }),
                            failure -> network.execute(() -> failed(failure, served)));
            return;
        }
        int from = 0;
        while (from < page.changes().size()) {
            long index = page.changes().get(from).index();
            int to = from;
            List<ModelEvent> events = new ArrayList<>();
            boolean forRouters = false;
            while (to < page.changes().size() && page.changes().get(to).index() == index) {
                Change change = page.changes().get(to++);
                ModelReader reader = ModelReader.of(change.kind());
                forRouters |= reader != null;
                events.addAll(applied(change, page.entries()));
            }
            tell(new ModelUpdate(index, model.index(), forRouters, events));
            from = to;
        }
        again |= !page.changes().isEmpty();
        finished(served);
    }

    private void finished(List<CompletableFuture<Long>> served) {
        reading = false;
        trouble.over();
        served.forEach(done -> done.complete(model.index()));
        if (again || !waiting.isEmpty()) {
            readOn();
        }
    }

    private List<ModelEvent> applied(Change change, Map<ModelReader, Map<String, Entry>> entries) {
        ModelReader reader = ModelReader.of(change.kind());
        if (reader == null) {
            return change.kind().toLowerCase(java.util.Locale.ROOT).startsWith("terminator")
                    ? List.of(new ModelEvent.TerminatorTouched(change.id()))
                    : List.of();
        }
        @Nullable Entry entry = entries.get(reader).get(change.id());
        return entry == null ? model.remove(reader.type(), reader.key(change.id())) : model.put(entry);
    }

    private void tell(ModelUpdate update) {
        model.index(update.index());
        each(listener -> listener.changed(update));
    }

    private void each(Consumer<ModelListener> told) {
        for (ModelListener listener : listeners) {
            try {
                told.accept(listener);
            } catch (RuntimeException e) {
                LOG.errorf(e, "model.listener.failed index=%d", model.index());
            }
        }
    }

    private void failed(Throwable failure, List<CompletableFuture<Long>> served) {
        reading = false;
        if (trouble.isNews(failure.getMessage())) {
            LOG.warnf("model.read.failed index=%d: %s", model.index(), failure.getMessage());
        }
        served.forEach(done -> done.completeExceptionally(failure));
    }
}
