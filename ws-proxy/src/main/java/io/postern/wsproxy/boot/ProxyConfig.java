package io.postern.wsproxy.boot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Configuration of the process and its front, prefix {@code postern.ws-proxy}; environment variables such as {@code POSTERN_WS_PROXY_PORT}. */
@ConfigMapping(prefix = "postern.ws-proxy")
public interface ProxyConfig {
    /** Identity file of the proxy: who it is to the controller and in the overlay. */
    @WithDefault("${user.home}/.postern/ws-proxy/identity.json")
    String identity();

    /** Address to listen at. Beyond loopback a certificate of its own is needed. */
    @WithDefault("127.0.0.1")
    String bind();

    /** HTTPS port. */
    @WithDefault("8443")
    int port();

    /** {@code enabled} serves clear HTTP as well, for a TLS-ending proxy on the same machine; {@code redirect} sends it to HTTPS. */
    @WithDefault("disabled")
    String plainHttp();

    /** Port of clear HTTP. */
    @WithDefault("8480")
    int plainPort();

    /**
     * Names by which clients call this proxy, {@code name} for its own ports or {@code name:port}; any other Host header is
     * refused. Loopback names, the bind address and {@link #publicUrl} are always among them.
     */
    Optional<List<String>> names();

    /** Origins of web pages of other sites that may use the API, exactly as browsers send them. */
    Optional<List<String>> origins();

    /** Addresses or networks (CIDR) of reverse proxies whose X-Forwarded headers are believed. */
    Optional<List<String>> trustedProxies();

    /** Address that is put into URLs for clients, such as {@code https://gw.example:443}; by default what the client called. */
    Optional<String> publicUrl();

    Tls tls();

    Limits limits();

    /** How long consoles get to end when the process is told to stop. */
    @WithDefault("10s")
    Duration drain();

    /** Serve the Zun facade, for {@code openstack appcontainer}. */
    @WithDefault("true")
    boolean zun();

    /** A quiet WebSocket is pinged this often; never one of a Zun client, which would freeze. */
    @WithDefault("20s")
    Duration ping();

    /** A pinged WebSocket that says nothing for this long counts as lost. */
    @WithDefault("60s")
    Duration silence();

    /** The server's certificate. */
    interface Tls {
        /** PEM file, leaf first. Without one the identity file's server certificate, or on loopback a self-made one. */
        Optional<String> certificate();

        /** PEM file of its private key. */
        Optional<String> key();

        /** How often the files are looked at for a change. */
        @WithDefault("10s")
        Duration check();

        /** {@code auto}, {@code jdk} or {@code openssl}. */
        @WithDefault("auto")
        String engine();
    }

    /** Bounds on what clients may ask for. */
    interface Limits {
        /** WebSocket handshakes and tickets per second from one address, on average. */
        @WithDefault("50")
        int handshakes();

        /** And at once. */
        @WithDefault("300")
        int handshakeBurst();

        /** Logins per second from one address, on average. */
        @WithDefault("1")
        int logins();

        /** And at once. */
        @WithDefault("10")
        int loginBurst();

        /** Open WebSockets in all. */
        @WithDefault("10000")
        int sockets();

        /** Longest archive copied in or out, in bytes. */
        @WithDefault("1073741824")
        long archive();
    }
}
