package io.postern.wsproxy.boot;

import io.quarkus.tls.runtime.TrustStoreAndTrustOptions;
import io.quarkus.tls.runtime.TrustStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/**
 * Takes any client certificate at TLS, which proves that the client has its key and nothing else: a token that is bound to a
 * certificate is compared with it, and no right comes from a certificate alone.
 */
@Singleton
@Identifier(ServerKeys.NAME)
public class AnyClientCertificate implements TrustStoreProvider {
    @Override
    public TrustStoreAndTrustOptions getTrustStore(Vertx vertx) {
        try {
            KeyStore none = KeyStore.getInstance("PKCS12");
            none.load(null, null);
            return new TrustStoreAndTrustOptions(none, TrustOptions.wrap(new Any()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK has no PKCS#12", e);
        }
    }

    private static final class Any implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // compared with the token's binding later
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("this end is the server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
