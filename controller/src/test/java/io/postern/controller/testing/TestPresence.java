package io.postern.controller.testing;

import io.postern.controller.channel.Connections;
import io.postern.controller.presence.RouterPresence;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Lets a test say that a router is online without a control channel; else the control channels answer. */
@Singleton
@Alternative
@Priority(1)
public class TestPresence implements RouterPresence {
    private final Connections real;
    private final Map<String, Presence> pretended = new ConcurrentHashMap<>();

    TestPresence(Connections real) {
        this.real = real;
    }

    public void online(String routerId, int port) {
        pretended.put(
                routerId,
                new Presence("localhost", Map.of("tls", "tls:localhost:" + port), "SYNC_DONE", List.of(), null));
    }

    public void offline(String routerId) {
        pretended.remove(routerId);
    }

    @Override
    public Optional<Presence> of(String routerId) {
        return Optional.ofNullable(pretended.get(routerId)).or(() -> real.of(routerId));
    }
}
