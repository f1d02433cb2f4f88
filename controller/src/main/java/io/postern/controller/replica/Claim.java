package io.postern.controller.replica;

import io.postern.controller.network.NetworkLoop;
import io.postern.observe.Trouble;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * One connection to the database that is kept open. By its lock no second living process can have this controller's id: the
 * lock goes with the process, however it ends, and with its machine (the pool sees to that). On it this controller hears what the
 * others tell. Made anew when it breaks; what was told meanwhile is lost, so everybody then looks for himself.
 */
@Singleton
class Claim {
    private static final Logger LOG = Logger.getLogger(Claim.class);
    private static final Duration AGAIN = Duration.ofMillis(500);
    /** How often the connection is used: one that only listens never learns that the database's machine is gone. */
    private static final Duration USE = Duration.ofSeconds(10);

    private static final String LOCK = "select pg_try_advisory_lock(hashtextextended('postern controller ' || $1, 0))";

    private final Pool pool;
    private final NetworkLoop network;
    private final ReplicaConfig config;
    private final Map<String, Runnable> heard = new ConcurrentHashMap<>();
    private final Trouble trouble = new Trouble();
    private volatile boolean stopped;

    Claim(Pool pool, NetworkLoop network, ReplicaConfig config) {
        this.pool = pool;
        this.network = network;
        this.config = config;
    }

    /** Before {@link #hold}. Runs on the network loop when somebody told the channel, or may have. */
    void hear(String channel, Runnable listener) {
        heard.put(channel, listener);
    }

    /** What becomes of the claim. On any thread. */
    interface Outcome {
        /** The id is this process's, at first and after each break. */
        void held();

        /** Another living process has the id. */
        void taken();
    }

    /** Begins to hold, and goes on until stopped. */
    void hold(String controllerId, Outcome outcome) {
        attempt(controllerId, outcome, System.nanoTime() + config.claim().toNanos());
    }

    private void attempt(String controllerId, Outcome outcome, long until) {
        if (stopped) {
            return;
        }
        pool.getConnection().onComplete(connection -> lock(connection, controllerId, outcome, until), failure -> {
            if (trouble.isNews(failure.getMessage())) {
                LOG.warnf("controller.claim.failed controllerId=%s: %s", controllerId, failure.getMessage());
            }
            // without a database nobody else can have the id either
            later(() -> attempt(
                    controllerId, outcome, System.nanoTime() + config.claim().toNanos()));
        });
    }

    private void lock(SqlConnection connection, String controllerId, Outcome outcome, long until) {
        connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(controllerId))
                .map(rows -> rows.iterator().next().getBoolean(0))
                .onComplete(
                        locked -> {
                            if (locked) {
                                listen(PgConnection.cast(connection), controllerId, outcome);
                            } else {
                                connection.close();
                                refused(controllerId, outcome, until);
                            }
                        },
                        failure -> {
                            connection.close();
                            later(() -> attempt(controllerId, outcome, until));
                        });
    }

    private void refused(String controllerId, Outcome outcome, long until) {
        if (System.nanoTime() < until) {
            later(() -> attempt(controllerId, outcome, until));
        } else if (!stopped) {
            outcome.taken();
        }
    }

    private void listen(PgConnection connection, String controllerId, Outcome outcome) {
        connection.notificationHandler(notification -> {
            Runnable listener = heard.get(notification.getChannel());
            if (listener != null) {
                network.execute(listener);
            }
        });
        connection.closeHandler(closed -> {
            if (!stopped) {
                LOG.warnf("controller.claim.lost controllerId=%s: the connection closed", controllerId);
                later(() -> attempt(
                        controllerId,
                        outcome,
                        System.nanoTime() + config.claim().toNanos()));
            }
        });
        Future<?> listening = Future.succeededFuture();
        for (String channel : heard.keySet()) {
            listening = listening.compose(
                    done -> connection.query("listen " + channel).execute());
        }
        listening.onComplete(
                done -> {
                    trouble.over();
                    outcome.held();
                    heard.values().forEach(network::execute);
                    keepUsing(connection);
                },
                failure -> giveBack(connection, controllerId, outcome));
    }

    /** Until it fails, which closes it. */
    private void keepUsing(PgConnection connection) {
        network.after(USE, () -> connection.query("select").execute().onSuccess(alive -> keepUsing(connection)));
    }

    /** A connection that goes back to the pool must not keep the lock. */
    private void giveBack(PgConnection connection, String controllerId, Outcome outcome) {
        connection.closeHandler(closed -> {});
        connection.query("select pg_advisory_unlock_all()").execute().onComplete(unlocked -> {
            connection.close();
            later(() -> attempt(
                    controllerId, outcome, System.nanoTime() + config.claim().toNanos()));
        });
    }

    private void later(Runnable task) {
        network.after(AGAIN, task);
    }

    void stop() {
        stopped = true;
    }
}
