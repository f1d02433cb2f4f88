package io.postern.controller.front;

import io.postern.pki.Authority;
import io.postern.pki.Keys;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyStoreOptions;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;

/**
 * Quarkus serves HTTPS only when it is given a key store, and asks before the database is there. This one is for that
 * question alone: no connection ever sees its certificate, see {@link FrontSslContext}.
 */
@Singleton
@Identifier("web")
public class PlaceholderKeyStore implements KeyStoreProvider {
    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        try {
            var keys = Keys.ec256();
            var authority = Authority.root(keys, "placeholder", Instant.now());
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] password = "none".toCharArray();
            store.setKeyEntry("none", keys.getPrivate(), password, new Certificate[] {authority.certificate()});
            var bytes = new ByteArrayOutputStream();
            store.store(bytes, password);
            return new KeyStoreAndKeyCertOptions(
                    store,
                    new KeyStoreOptions()
                            .setType("PKCS12")
                            .setValue(Buffer.buffer(bytes.toByteArray()))
                            .setPassword("none"));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("placeholder key store cannot be made", e);
        }
    }
}
