package io.postern.controller.front;

import io.netty.handler.ssl.SslContext;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;

/** Makes the HTTP server use our TLS settings in place of those it would build itself. */
final class FrontEngine extends SSLEngineOptions {
    private final SslContext context;

    FrontEngine(SslContext context) {
        this.context = context;
    }

    @Override
    public SSLEngineOptions copy() {
        return this;
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return () -> context;
    }
}
