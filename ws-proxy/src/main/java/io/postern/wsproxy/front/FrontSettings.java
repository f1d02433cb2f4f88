package io.postern.wsproxy.front;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the door is told by configuration.
 *
 * @param names by which clients may call, {@code name} or {@code name:port}
 * @param origins of other sites' pages that may come in
 * @param trustedProxies addresses or networks whose X-Forwarded headers are believed
 * @param sockets most open WebSockets
 * @param archive longest archive in bytes
 */
public record FrontSettings(
        List<String> names,
        List<String> origins,
        List<String> trustedProxies,
        Optional<String> publicUrl,
        Rate handshakes,
        Rate logins,
        int sockets,
        long archive,
        Duration ping,
        Duration silence,
        boolean zun) {
    public FrontSettings {
        names = List.copyOf(names);
        origins = List.copyOf(origins);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** How much one address may ask for. */
    public record Rate(int perSecond, int burst) {}
}
