package io.postern.controller.front;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.postern.controller.boot.PosternConfig;
import io.postern.controller.pki.KeyEntry;
import io.postern.controller.pki.Pki;
import io.postern.pki.KeyStores;
import jakarta.inject.Singleton;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/**
 * The TLS settings in force: TLS 1.2 and 1.3, ALPN h2, http/1.1, ziti-ctrl or none, a client certificate asked for and not
 * judged (SDK sheet 1.1: the application does that). Rebuilt when the leaf is renewed; open connections stay.
 */
@Singleton
public class FrontTls {
    private static final Logger LOG = Logger.getLogger(FrontTls.class);
    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            "h2",
            "http/1.1",
            Handover.CONTROL);

    static final String[] PROTOCOLS = {"TLSv1.2", "TLSv1.3"};

    private final Pki pki;
    private final SslProvider provider;
    private volatile SslContext context;

    FrontTls(Pki pki, PosternConfig config) throws SSLException {
        this.pki = pki;
        this.provider = config.https().engine().provider();
        this.context = build();
        pki.onReplaced(this::rebuild);
        LOG.infof("https.tls engine=%s", provider);
    }

    SslContext context() {
        return context;
    }

    private void rebuild() {
        try {
            context = build();
        } catch (SSLException e) {
            LOG.errorf(e, "https.tls.replace the old certificate stays in use");
        }
    }

    private SslContext build() throws SSLException {
        KeyEntry https = pki.https();
        return SslContextBuilder.forServer(https.key(), https.chain())
                .keyStoreType(KeyStores.FORMAT)
                .sslProvider(provider)
                .protocols(PROTOCOLS)
                .applicationProtocolConfig(ALPN)
                .clientAuth(ClientAuth.OPTIONAL)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
    }
}
