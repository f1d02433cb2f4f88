package io.postern.controller.front;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;
import java.util.Set;

/** Puts our TLS under the HTTPS server. */
@Singleton
public class FrontOptions implements HttpServerOptionsCustomizer {
    private final FrontTls tls;
    private final Handover handover;

    FrontOptions(FrontTls tls, Handover handover) {
        this.tls = tls;
        this.handover = handover;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        // the server narrows our engines to this set; stock C clients speak nothing newer than 1.2
        options.setEnabledSecureTransportProtocols(Set.of(FrontTls.PROTOCOLS));
        options.setSslEngineOptions(new FrontEngine(new FrontSslContext(tls::context, handover)))
                .setUseAlpn(true)
                .setSni(false)
                .setTcpNoDelay(true);
    }
}
