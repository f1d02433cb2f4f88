package io.postern.controller.front;

import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/**
 * Quarkus serves HTTPS only when it is given a key store, and asks before the database is there. This one is for that
 * question alone, and empty: connections get their certificate from {@link FrontSslContext}.
 */
@Singleton
@Identifier("web")
public class PlaceholderKeyStore implements KeyStoreProvider {
    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        try {
            KeyStore empty = KeyStore.getInstance("PKCS12");
            empty.load(null, null);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(empty, null);
            return new KeyStoreAndKeyCertOptions(empty, KeyCertOptions.wrap((X509KeyManager) keys.getKeyManagers()[0]));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("placeholder key store cannot be made", e);
        }
    }
}
