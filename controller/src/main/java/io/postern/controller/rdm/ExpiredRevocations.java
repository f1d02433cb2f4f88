package io.postern.controller.rdm;

import io.postern.controller.model.ModelFeed;
import io.postern.controller.network.NetworkLoop;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Removes revocations that no token outlives, as a change of the model, so that neither table nor routers keep them. */
@Singleton
@io.quarkus.runtime.Startup
public class ExpiredRevocations {
    private static final Logger LOG = Logger.getLogger(ExpiredRevocations.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final String SWEEP = """
            with gone as (delete from revocation where expires_at < now() returning id),
                 taken as (update model_index set last = last + 1 where exists (select from gone) returning last)
            insert into model_change (index, seq, kind, entity_id, action, at)
            select taken.last, row_number() over (), 'revocation', gone.id, 'DELETE', now() from gone, taken""";

    private final Pool pool;
    private final ModelFeed feed;

    ExpiredRevocations(Pool pool, ModelFeed feed, NetworkLoop network) {
        this.pool = pool;
        this.feed = feed;
        network.every(PERIOD, this::sweep);
    }

    private void sweep() {
        if (!feed.isLoaded()) {
            return;
        }
        pool.query(SWEEP)
                .execute()
                .onSuccess(rows -> {
                    if (rows.rowCount() > 0) {
                        LOG.infof("revocation.expired count=%d", rows.rowCount());
                        feed.poke();
                    }
                })
                .onFailure(failure -> LOG.warnf("revocation.sweep.failed: %s", failure.getMessage()));
    }
}
