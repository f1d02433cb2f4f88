package io.postern.wsproxy.boot;

import io.netty.handler.ssl.OpenSsl;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import jakarta.inject.Singleton;
import java.util.List;

/** What the HTTP servers allow on the wire. */
@Singleton
public class HttpOptions implements HttpServerOptionsCustomizer {
    /** Longest message from a client: a channel byte and 64 KiB. What is a little longer is refused with a word, beyond that cut. */
    public static final int MESSAGE = 64 * 1024 + 1;

    /** What may be negotiated; a client's first choice among them is taken. */
    public static final List<String> SUBPROTOCOLS = List.of("v5.channel.k8s.io", "binary", "console.postern.v1");

    private final ProxyConfig config;

    HttpOptions(ProxyConfig config) {
        this.config = config;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        bound(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        bound(options);
        String engine = config.tls().engine();
        if (engine.equals("openssl") || engine.equals("auto") && OpenSsl.isAvailable()) {
            options.setSslEngineOptions(new OpenSSLEngineOptions());
        }
        options.setEnabledSecureTransportProtocols(java.util.Set.of("TLSv1.2", "TLSv1.3"));
    }

    /** No compression, bounded messages, dead peers noticed by TCP where a protocol has no pings. */
    public static HttpServerOptions bound(HttpServerOptions options) {
        return options.setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(4 * MESSAGE)
                .setMaxWebSocketMessageSize(4 * MESSAGE)
                .setWebSocketSubProtocols(SUBPROTOCOLS)
                .setTcpKeepAlive(true);
    }
}
