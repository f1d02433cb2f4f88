package io.postern.controller.access;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Removes API Sessions, with their Sessions, that nobody used for their life. Replicas may do it side by side. */
@Singleton
public class SessionSweep {
    private static final Logger LOG = Logger.getLogger(SessionSweep.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    /** What lived through a restart is counted soon, but not while everything else logs in to the database. */
    private static final Duration FIRST = Duration.ofSeconds(1);

    private static final String SWEEP = "delete from api_session where id in"
            + " (select id from api_session where expires_at < now() - interval '1 minute' limit 10000)";

    private final Vertx vertx;
    private final Pool database;
    private final AccessMetrics metrics;
    private long timer;

    SessionSweep(Vertx vertx, Pool database, AccessMetrics metrics) {
        this.vertx = vertx;
        this.database = database;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(FIRST.toMillis(), EVERY.toMillis(), tick -> {
            sweep();
            count();
        });
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private void sweep() {
        database.query(SWEEP)
                .execute()
                .subscribe()
                .with(
                        rows -> {
                            if (rows.rowCount() > 0) {
                                LOG.infof("apisession.expired count=%d", rows.rowCount());
                            }
                        },
                        failure -> LOG.warnf("apisession.sweep.failed %s", failure.getMessage()));
    }

    private void count() {
        database.query("select (select count(*) from api_session), (select count(*) from session)")
                .execute()
                .subscribe()
                .with(
                        rows -> {
                            var row = rows.iterator().next();
                            metrics.live(row.getLong(0), row.getLong(1));
                        },
                        failure -> LOG.warnf("apisession.count.failed %s", failure.getMessage()));
    }
}
