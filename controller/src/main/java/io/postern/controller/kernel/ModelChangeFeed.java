package io.postern.controller.kernel;

import io.postern.controller.kernel.ModelChange.Action;
import io.postern.observe.Trouble;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Reads committed changes and tells the observers. One connection of the pool listens, and reads what it is told of; what it
 * hears only wakes the reading, which goes by the index, so a lost notification or connection delays and loses nothing.
 */
@Singleton
public class ModelChangeFeed implements ModelChanges {
    private static final Logger LOG = Logger.getLogger("postern.model");
    private static final int BATCH = 500;
    private static final long RETRY_MILLIS = 1_000;
    private static final long LOOK_ANYWAY_MILLIS = 10_000;
    /** Sets kept for routers that come back; older ones are forgotten, and such a router gets the whole state. */
    private static final long KEPT = 100_000;

    private static final long FORGET_MILLIS = 600_000;

    private final Pool pool;
    private final Vertx vertx;
    private final List<Consumer<ModelChangeSet>> observers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean reading = new AtomicBoolean();
    private final Trouble deaf = new Trouble();
    private final Trouble blind = new Trouble();
    private volatile boolean again;
    private volatile boolean stopped;
    private volatile long told;
    /** The connection that listens; the pool while there is none. */
    private volatile SqlClient reader;

    ModelChangeFeed(Pool pool, Vertx vertx) {
        this.pool = pool;
        this.vertx = vertx;
        this.reader = pool;
    }

    /** By then connections of the start are free for it: a login any sooner would come in between its statements. */
    @Override
    public void begin(long index) {
        if (!begun.compareAndSet(false, true)) {
            throw new IllegalStateException("changes are told already");
        }
        told = index;
        tell(new ModelChangeSet(index, Instant.now(), List.of())); // whoever keeps something of before keeps it no more
        listen();
        vertx.setPeriodic(LOOK_ANYWAY_MILLIS, tick -> look());
        vertx.setPeriodic(FORGET_MILLIS, tick -> forget());
    }

    void stop(@Observes Shutdown event) {
        stopped = true;
    }

    @Override
    public Runnable observe(Consumer<ModelChangeSet> observer) {
        observers.add(observer);
        return () -> observers.remove(observer);
    }

    @Override
    public Uni<Long> lastIndex() {
        return uni(() -> number(pool, "select last from model_index"));
    }

    @Override
    public Uni<Long> oldestIndex() {
        return uni(() -> number(pool, "select coalesce(min(index), 0) from model_change"));
    }

    @Override
    public Uni<List<ModelChangeSet>> since(long index, int most) {
        return uni(() -> sets(pool, index, most));
    }

    private static <T> Uni<T> uni(java.util.function.Supplier<Future<T>> future) {
        return Uni.createFrom().completionStage(() -> future.get().toCompletionStage());
    }

    private void listen() {
        if (stopped) {
            return;
        }
        pool.getConnection().onSuccess(this::listenOn).onFailure(e -> retry(e.getMessage()));
    }

    private void listenOn(SqlConnection connection) {
        PgConnection listener = PgConnection.cast(connection);
        var lost = new AtomicBoolean(); // one that breaks may say so twice
        listener.notificationHandler(notification -> look());
        listener.closeHandler(closed -> lose(lost, "the connection closed"));
        listener.query("listen model_change")
                .execute()
                .onSuccess(listening -> {
                    reader = connection;
                    deaf.over();
                    look();
                })
                .onFailure(e -> {
                    connection.close();
                    lose(lost, e.getMessage());
                });
    }

    private void lose(AtomicBoolean lost, String why) {
        if (lost.compareAndSet(false, true)) {
            retry(why);
        }
    }

    private void retry(String why) {
        reader = pool;
        warn("listen.lost", deaf, why);
        if (!stopped) {
            vertx.setTimer(RETRY_MILLIS, tick -> listen());
        }
    }

    private void warn(String what, Trouble trouble, String why) {
        if (!stopped && trouble.isNews(why)) {
            LOG.warnf("model.%s reason=%s", what, why);
        }
    }

    /** Starts reading, or has the reading under way look once more. */
    private void look() {
        again = true;
        if (!stopped && reading.compareAndSet(false, true)) {
            again = false;
            step().onComplete(done -> {
                reading.set(false);
                if (done.failed()) {
                    warn("read.failed", blind, done.cause().getMessage());
                    return;
                }
                blind.over();
                if (again || Boolean.TRUE.equals(done.result())) {
                    look();
                }
            });
        }
    }

    /** One batch; true when more may wait. */
    private Future<Boolean> step() {
        return sets(reader, told, BATCH).map(sets -> {
            for (ModelChangeSet set : sets) {
                told = set.index();
                tell(set);
            }
            return sets.size() == BATCH;
        });
    }

    private void tell(ModelChangeSet set) {
        for (Consumer<ModelChangeSet> observer : observers) {
            try {
                observer.accept(set);
            } catch (RuntimeException e) {
                LOG.errorf(e, "model.observer.failed index=%d", set.index());
            }
        }
    }

    private void forget() {
        pool.preparedQuery("delete from model_change where index < (select last from model_index) - $1")
                .execute(Tuple.of(KEPT))
                .onFailure(e -> LOG.warnf("model.forget.failed reason=%s", e.getMessage()));
    }

    private static Future<Long> number(SqlClient reader, String sql) {
        return reader.query(sql).execute().map(rows -> rows.iterator().next().getLong(0));
    }

    private static Future<List<ModelChangeSet>> sets(SqlClient reader, long index, int most) {
        return reader.preparedQuery("select c.index, c.kind, c.entity_id, c.action, c.at from model_change c "
                        + "join (select distinct index from model_change where index > $1 order by index limit $2) i "
                        + "on i.index = c.index order by c.index, c.seq")
                .execute(Tuple.of(index, most))
                .map(ModelChangeFeed::grouped);
    }

    private static List<ModelChangeSet> grouped(RowSet<Row> rows) {
        List<ModelChangeSet> sets = new ArrayList<>();
        long index = -1;
        List<ModelChange> changes = new ArrayList<>();
        for (Row row : rows) {
            if (row.getLong(0) != index) {
                index = row.getLong(0);
                changes = new ArrayList<>();
                OffsetDateTime at = row.getOffsetDateTime(4);
                sets.add(new ModelChangeSet(index, at.toInstant(), changes));
            }
            changes.add(new ModelChange(row.getString(1), row.getString(2), Action.valueOf(row.getString(3))));
        }
        return sets;
    }
}
