package io.postern.controller.channel;

import io.postern.controller.kernel.ModelChanges;
import io.postern.controller.model.ModelFeed;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Loads the model when the controller starts and follows the changes of all replicas. */
@Singleton
public class NetworkStart {
    private static final Logger LOG = Logger.getLogger(NetworkStart.class);

    private final ModelFeed feed;
    private final Instance<ModelChanges> changes;

    // the channels are named so that every feature has registered before the model is read
    NetworkStart(ModelFeed feed, Instance<ModelChanges> changes, ControlChannels channels) {
        this.feed = feed;
        this.changes = changes;
    }

    void start(@Observes StartupEvent event) {
        if (changes.isResolvable()) {
            changes.get().observe(set -> feed.poke());
        }
        feed.start().whenComplete((index, failure) -> {
            if (failure != null) {
                LOG.error("model.load.failed: routers are refused until the controller is restarted", failure);
            }
        });
    }
}
