package io.postern.controller.channel;

import io.postern.controller.presence.RouterPresence;
import io.postern.controller.replica.Replicas;
import io.postern.controller.replica.RouterSeen;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The routers connected here, and what other controllers say of theirs. Written on the network loop, read from any thread. */
@Singleton
public class Connections implements RouterPresence {
    private final Map<String, RouterConnection> byRouter = new ConcurrentHashMap<>();
    private final Replicas replicas;

    Connections(Replicas replicas) {
        this.replicas = replicas;
        replicas.routers(this::seen);
    }

    public Optional<RouterConnection> with(String routerId) {
        return Optional.ofNullable(byRouter.get(routerId));
    }

    /** A live view. */
    public Collection<RouterConnection> connected() {
        return Collections.unmodifiableCollection(byRouter.values());
    }

    Optional<RouterConnection> put(RouterConnection connection) {
        Optional<RouterConnection> before = Optional.ofNullable(byRouter.put(connection.routerId(), connection));
        replicas.routersChanged();
        return before;
    }

    /** False when another connection stands in its place. */
    boolean remove(RouterConnection connection) {
        boolean removed = byRouter.remove(connection.routerId(), connection);
        replicas.routersChanged();
        return removed;
    }

    /** Whether another controller has a control channel of this router. */
    public boolean isElsewhere(String routerId) {
        return replicas.known().elsewhere(routerId).isPresent();
    }

    /** Whether other controllers have control channels of routers that this one has none of. */
    public boolean othersSeeMore() {
        return replicas.known().elsewhere().stream().anyMatch(id -> !byRouter.containsKey(id));
    }

    @Override
    public Optional<Presence> of(String routerId) {
        Optional<RouterConnection> here = with(routerId);
        if (here.filter(RouterConnection::isQuiesced).isPresent()) {
            return Optional.empty(); // nobody is sent there any more
        }
        return here.map(connection -> presence(seen(connection), connection.isSynced()))
                .or(() -> replicas.known().elsewhere(routerId).map(seen -> presence(seen, true)));
    }

    private Map<String, RouterSeen> seen() {
        Map<String, RouterSeen> all = new HashMap<>();
        byRouter.forEach((id, connection) -> all.put(id, seen(connection)));
        return all;
    }

    private static RouterSeen seen(RouterConnection connection) {
        return new RouterSeen(
                connection.edge().hostname(), connection.edge().supportedProtocols(), connection.versionText());
    }

    private static Presence presence(RouterSeen seen, boolean synced) {
        return new Presence(
                seen.hostname(),
                seen.protocols(),
                synced ? "SYNC_DONE" : "SYNC_IN_PROGRESS",
                List.of(),
                io.postern.wire.Version.parse(seen.version())
                        .map(v ->
                                new RouterPresence.Version(v.version(), v.revision(), v.buildDate(), v.os(), v.arch()))
                        .orElse(null));
    }
}
