package io.postern.controller.channel;

import io.postern.controller.model.Entry;
import io.postern.controller.model.ModelEvent;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.model.ModelListener;
import io.postern.controller.model.ModelUpdate;
import io.postern.controller.replica.Replicas;
import io.postern.wire.ContentType;
import io.postern.wire.ctrl.pb.Listeners;
import io.postern.wire.ctrl.pb.PeerState;
import io.postern.wire.ctrl.pb.PeerStateChange;
import io.postern.wire.ctrl.pb.PeerStateChanges;
import jakarta.inject.Singleton;

/**
 * Tells each router which others can be linked to, and closes the channels of routers that may not stay: deleted,
 * disabled, or with another certificate now. Closing never waits for the router. Source: fabric sheet 3.1.
 */
@Singleton
public class PeerStates implements ControlFeature, ModelListener {
    private final Connections connections;
    private final ModelFeed feed;
    private final Replicas replicas;

    PeerStates(Connections connections, ModelFeed feed, Replicas replicas) {
        this.connections = connections;
        this.feed = feed;
        this.replicas = replicas;
        feed.listen(this);
    }

    @Override
    public void register(ControlHandlers handlers) {
        handlers.on(ContentType.UPDATE_LINK_LISTENERS, Listeners.parser(), update -> {
            update.from().linkListeners(update.message().getListenersList());
            tellOthers(update.routerId(), healthy(update.from()));
        });
    }

    @Override
    public void connected(RouterConnection router) {
        PeerStateChanges.Builder others = PeerStateChanges.newBuilder();
        for (RouterConnection each : connections.connected()) {
            if (!each.routerId().equals(router.routerId())) {
                others.addChanges(healthy(each));
            }
        }
        if (others.getChangesCount() > 0) {
            router.send(ContentType.PEER_STATE_CHANGE, others.build());
        }
        tellOthers(router.routerId(), healthy(router));
    }

    @Override
    public void disconnected(RouterConnection router) {
        if (replicas.known().elsewhere(router.routerId()).isEmpty()) {
            tellOthers(router.routerId(), state(router.routerId(), PeerState.Unhealthy));
        }
    }

    private static PeerStateChange healthy(RouterConnection router) {
        return PeerStateChange.newBuilder()
                .setId(router.routerId())
                .setVersion(router.version())
                .setState(PeerState.Healthy)
                .addAllListeners(router.linkListeners())
                .build();
    }

    private static PeerStateChange state(String routerId, PeerState state) {
        return PeerStateChange.newBuilder().setId(routerId).setState(state).build();
    }

    private void tellOthers(String routerId, PeerStateChange change) {
        PeerStateChanges message =
                PeerStateChanges.newBuilder().addChanges(change).build();
        for (RouterConnection each : connections.connected()) {
            if (!each.routerId().equals(routerId)) {
                each.send(ContentType.PEER_STATE_CHANGE, message);
            }
        }
    }

    @Override
    public void changed(ModelUpdate update) {
        for (ModelEvent event : update.events()) {
            if (event instanceof ModelEvent.Put(Entry.Router router, boolean created)) {
                checkStanding(router.id());
            } else if (event instanceof ModelEvent.Gone(Entry.Router router)) {
                tellOthers(router.id(), state(router.id(), PeerState.Removed));
                checkStanding(router.id());
            }
        }
    }

    @Override
    public void reloaded() {
        connections.connected().forEach(each -> checkStanding(each.routerId()));
    }

    private void checkStanding(String routerId) {
        connections.with(routerId).ifPresent(connection -> {
            Entry.Router router =
                    feed.model().find(Entry.Router.class, routerId).orElse(null);
            if (router == null) {
                connection.channel().close("router is deleted");
            } else if (router.disabled()) {
                connection.channel().close("router is disabled");
            } else if (router.fingerprint() == null) {
                connection.channel().close("router has to enroll again");
            }
        });
    }
}
