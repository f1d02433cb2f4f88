package io.postern.controller.channel;

import io.postern.controller.presence.IdentityPresence;
import io.postern.wire.ContentType;
import io.postern.wire.edgectrl.pb.ConnectEvents;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which identities have a Channel to which router, as routers tell it: changes, and the whole after connecting and every
 * few minutes. A router that is away says nothing of its clients, so they count as gone. Source: fabric sheet 7.2.
 */
@Singleton
class ConnectedIdentities implements ControlFeature, IdentityPresence {
    /** By router; the sets are replaced, never changed. */
    private final Map<String, Set<String>> byRouter = new ConcurrentHashMap<>();

    @Override
    public void register(ControlHandlers handlers) {
        handlers.on(ContentType.CONNECT_EVENTS, ConnectEvents.parser(), this::told);
    }

    private void told(Incoming<ConnectEvents> incoming) {
        ConnectEvents events = incoming.message();
        Set<String> before = events.getFullState() ? Set.of() : byRouter.getOrDefault(incoming.routerId(), Set.of());
        Set<String> now = new HashSet<>(before);
        for (ConnectEvents.IdentityConnectEvents each : events.getEventsList()) {
            if (each.getIsConnected()) {
                now.add(each.getIdentityId());
            } else {
                now.remove(each.getIdentityId());
            }
        }
        byRouter.put(incoming.routerId(), Set.copyOf(now));
    }

    @Override
    public void connected(RouterConnection router) {
        byRouter.put(router.routerId(), Set.of());
    }

    @Override
    public void disconnected(RouterConnection router) {
        byRouter.remove(router.routerId());
    }

    @Override
    public boolean isConnected(String identityId) {
        return byRouter.values().stream().anyMatch(identities -> identities.contains(identityId));
    }
}
