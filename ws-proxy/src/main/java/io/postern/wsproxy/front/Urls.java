package io.postern.wsproxy.front;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Addresses for clients. They always name a port: some client libraries print nonsense without one. */
public final class Urls {
    private final Optional<String> configured;

    public Urls(Optional<String> configured) {
        this.configured = configured.map(url -> withPort(url.replaceFirst("/+$", "")));
    }

    /** Of an address, {@code host:port}: what a client that uses it says in Host, with the port that the scheme has by itself. */
    public static String authority(String url) {
        String whole = withPort(url.replaceFirst("(?<=[^:/])/.*", ""));
        return whole.substring(whole.indexOf("://") + 3);
    }

    /** Such as {@code https://gw.example:8443}. */
    public String http(RoutingContext context) {
        return configured.orElseGet(() -> withPort(Guard.caller(context).origin()));
    }

    /** Such as {@code wss://gw.example:8443}. */
    public String webSocket(RoutingContext context) {
        return http(context).replaceFirst("^http", "ws");
    }

    private static String withPort(String url) {
        int begin = url.indexOf("://") + 3;
        String host = url.substring(begin);
        return Names.portColon(host) >= 0 ? url : url + ":" + Names.ownPort(url.substring(0, begin - 3));
    }
}
