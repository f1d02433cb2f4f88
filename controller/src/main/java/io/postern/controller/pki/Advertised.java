package io.postern.controller.pki;

import io.postern.controller.boot.PosternConfig;
import io.postern.controller.boot.StartRefusal;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.Set;

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
        return "tls:" + config.controlAdvertise().orElseGet(this::hostAndPort);
    }

    /** The host parts of what is configured, {@code localhost} by default, and what else the certificate names. */
    static Set<String> hosts(PosternConfig config) {
        Set<String> hosts = new LinkedHashSet<>();
        hosts.add(host("postern.advertise", config.advertise().orElse("localhost:0")));
        config.controlAdvertise().ifPresent(address -> hosts.add(host("postern.control-advertise", address)));
        config.https().names().ifPresent(names -> names.forEach(name -> hosts.add(name.strip())));
        return hosts;
    }

    private static String host(String key, String address) {
        int colon = address.lastIndexOf(':');
        if (colon <= 0 || colon == address.length() - 1) {
            throw StartRefusal.SETTING.because(key + " is " + address + ", not host:port");
        }
        return address.substring(0, colon);
    }
}
