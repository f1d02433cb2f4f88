package io.postern.controller.rdm;

import io.postern.controller.model.ModelFeed;
import io.postern.controller.network.NetworkLoop;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Enables identities whose time of being disabled is over, as a model change: routers know of no such time. */
@Singleton
@Startup
public class EndedDisablings {
    private static final Logger LOG = Logger.getLogger(EndedDisablings.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final String SWEEP = """
            with back as (update identity set disabled_at = null, disabled_until = null, updated_at = now()
                          where disabled_until <= now() returning id),
                 taken as (update model_index set last = last + 1 where exists (select from back) returning last)
            insert into model_change (index, seq, kind, entity_id, action, at)
            select taken.last, row_number() over (), 'identity', back.id, 'UPDATE', now() from back, taken""";

    private final Pool pool;
    private final ModelFeed feed;

    EndedDisablings(Pool pool, ModelFeed feed, NetworkLoop network) {
        this.pool = pool;
        this.feed = feed;
        network.every(PERIOD, () -> {
            if (feed.isLoaded()) {
                sweep();
            }
        });
    }

    /** How many identities it enabled. */
    public Future<Integer> sweep() {
        return pool.query(SWEEP)
                .execute()
                .map(rows -> rows.rowCount())
                .onSuccess(count -> {
                    if (count > 0) {
                        LOG.infof("identity.enabled.again count=%d", count);
                        feed.poke();
                    }
                })
                .onFailure(failure -> LOG.warnf("identity.sweep.failed: %s", failure.getMessage()));
    }
}
