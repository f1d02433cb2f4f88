package io.postern.controller.channel;

import io.postern.controller.kernel.ModelChanges;
import io.postern.controller.model.ModelFeed;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;

/** Loads the model when the controller starts and follows the changes of all replicas. */
@Singleton
public class NetworkStart {
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
        feed.start();
    }
}
