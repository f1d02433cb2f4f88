package io.postern.controller.pki;

import io.postern.controller.boot.PosternConfig;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Singleton;

/** Under which address others reach this controller. Any thread; the port is known once the controller listens. */
@Singleton
public class Advertised {
    private final PosternConfig config;
    private final HttpServer server;

    Advertised(PosternConfig config, HttpServer server) {
        this.config = config;
        this.server = server;
    }

    /** {@code host:port}. */
    public String hostAndPort() {
        return config.advertise().orElseGet(() -> "localhost:" + server.getSecurePort());
    }

    /** {@code https://host:port}: the issuer of tokens. */
    public String url() {
        return "https://" + hostAndPort();
    }

    /** {@code tls:host:port}: where routers dial. */
    public String controlAddress() {
        return "tls:" + hostAndPort();
    }

    /** The host part of what is configured; {@code localhost} by default. */
    static String host(PosternConfig config) {
        String address = config.advertise().orElse("localhost:0");
        int colon = address.lastIndexOf(':');
        if (colon <= 0 || colon == address.length() - 1) {
            throw new IllegalArgumentException("postern.advertise is " + address + ", not host:port");
        }
        return address.substring(0, colon);
    }
}
