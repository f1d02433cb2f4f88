package io.postern.controller.channel;

import io.postern.controller.presence.RouterPresence;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The connected routers. Written on the network loop, read from any thread. */
@Singleton
public class Connections implements RouterPresence {
    private final Map<String, RouterConnection> byRouter = new ConcurrentHashMap<>();

    public Optional<RouterConnection> with(String routerId) {
        return Optional.ofNullable(byRouter.get(routerId));
    }

    /** A live view. */
    public Collection<RouterConnection> connected() {
        return Collections.unmodifiableCollection(byRouter.values());
    }

    Optional<RouterConnection> put(RouterConnection connection) {
        return Optional.ofNullable(byRouter.put(connection.routerId(), connection));
    }

    /** False when another connection stands in its place. */
    boolean remove(RouterConnection connection) {
        return byRouter.remove(connection.routerId(), connection);
    }

    @Override
    public Optional<Presence> of(String routerId) {
        return with(routerId)
                .map(connection -> new Presence(
                        connection.edge().hostname(),
                        connection.edge().supportedProtocols(),
                        connection.isSynced() ? "SYNC_DONE" : "SYNC_IN_PROGRESS",
                        List.of(),
                        io.postern.wire.Version.parse(connection.versionText())
                                .map(v -> new RouterPresence.Version(
                                        v.version(), v.revision(), v.buildDate(), v.os(), v.arch()))
                                .orElse(null)));
    }
}
