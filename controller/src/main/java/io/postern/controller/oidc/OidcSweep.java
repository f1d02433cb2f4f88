package io.postern.controller.oidc;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Removes logins that nobody finished, with the API Sessions that were to be theirs, and finished ones whose code needs not
 * be remembered any more. Replicas may do it side by side.
 */
@Singleton
public class OidcSweep {
    private static final Logger LOG = Logger.getLogger(OidcSweep.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final String SWEEP = """
            with gone as (delete from oidc_login
                          where id in (select id from oidc_login where expires_at < now() limit 10000
                                       for update skip locked)
                          returning api_session_id, redeemed_at)
            delete from api_session
            where id in (select api_session_id from gone where redeemed_at is null and api_session_id is not null)
            """;

    private final Vertx vertx;
    private final Pool database;
    private long timer;

    OidcSweep(Vertx vertx, Pool database) {
        this.vertx = vertx;
        this.database = database;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(
                EVERY.toMillis(),
                tick -> sweep().subscribe()
                        .with(done -> {}, failure -> LOG.warnf("oidc.sweep.failed %s", failure.getMessage())));
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    Uni<Void> sweep() {
        return database.query(SWEEP).execute().replaceWithVoid();
    }
}
