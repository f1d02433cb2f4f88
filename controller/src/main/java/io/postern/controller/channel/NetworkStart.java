package io.postern.controller.channel;

import io.postern.controller.kernel.ModelChanges;
import io.postern.controller.model.ModelFeed;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Loads the model when the controller starts and follows the changes of all replicas. */
@Singleton
public class NetworkStart {
    private final ModelFeed feed;
    private final ModelChanges changes;

    // the channels are named so that every feature has registered before the model is read
    NetworkStart(ModelFeed feed, ModelChanges changes, ControlChannels channels) {
        this.feed = feed;
        this.changes = changes;
    }

    void start(@Observes StartupEvent event) {
        changes.observe(set -> feed.poke());
        feed.start().thenAccept(changes::begin);
    }
}
