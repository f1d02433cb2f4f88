package io.postern.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Key stores that never leave the process, for the platform's TLS, which takes keys and roots in no other shape. PKCS#12 stretches
 * the password by 10,000 rounds of a hash for each key that it takes, and again as it gives it; the format before it does
 * not, and there is nothing to guard.
 */
public final class KeyStores {
    /** For who makes one himself, as Netty does of a key and its chain. */
    public static final String FORMAT = "JKS";

    private static final String PASSWORD = "in-memory";

    private KeyStores() {}

    /** @param chain leaf first */
    public static KeyStore of(PrivateKey key, List<X509Certificate> chain) {
        try {
            KeyStore store = empty();
            store.setKeyEntry("key", key, PASSWORD.toCharArray(), chain.toArray(Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new PkiException("no key store can be made of this key and these certificates", e);
        }
    }

    /** Those of a store that {@link #of} made. */
    public static KeyManager[] managers(KeyStore store) {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, PASSWORD.toCharArray());
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new PkiException("the key cannot be used for TLS", e);
        }
    }

    /** Trust what chains to one of {@code roots}. Without a root they trust nothing. */
    public static TrustManager[] trusting(List<X509Certificate> roots) {
        try {
            KeyStore store = empty();
            for (int i = 0; i < roots.size(); i++) {
                store.setCertificateEntry("ca" + i, roots.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new PkiException("these certificates cannot be trusted", e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(FORMAT);
        store.load(null, null);
        return store;
    }
}
