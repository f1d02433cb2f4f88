package io.postern.controller.channel;

import io.postern.wire.edgectrl.pb.ClientHello;
import io.postern.wire.edgectrl.pb.Listener;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where SDKs reach a router.
 *
 * @param hostname as the router names itself
 * @param supportedProtocols protocol to URL, like {@code tls} to {@code tls://host:3022}
 */
public record EdgePresence(String hostname, Map<String, String> supportedProtocols) {
    public static final EdgePresence NONE = new EdgePresence("", Map.of());

    public EdgePresence {
        supportedProtocols = Map.copyOf(supportedProtocols);
    }

    /** Advertised listeners; of routers that name none, the older protocol and port lists. */
    static EdgePresence of(ClientHello hello) {
        Map<String, String> urls = new LinkedHashMap<>();
        for (Listener listener : hello.getListenersList()) {
            var at = listener.getAdvertise();
            urls.putIfAbsent(at.getProtocol(), at.getProtocol() + "://" + at.getHostname() + ":" + at.getPort());
        }
        int pairs = Math.min(hello.getProtocolsCount(), hello.getProtocolPortsCount());
        for (int i = 0; i < pairs; i++) {
            String protocol = hello.getProtocols(i);
            urls.putIfAbsent(protocol, protocol + "://" + hello.getHostname() + ":" + hello.getProtocolPorts(i));
        }
        return new EdgePresence(hello.getHostname(), urls);
    }
}
