package io.postern.controller.pki;

import io.postern.controller.boot.PosternConfig;
import io.postern.controller.pki.KeyEntry.Role;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.PkiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An authority that the operator brings, as PEM files: a certificate manager's, say. */
final class GivenAuthority {
    private GivenAuthority() {}

    /** @throws IOException a sentence that names the setting and what is wrong with its file */
    static Optional<KeyEntry> of(PosternConfig.Authority config, Instant now) throws IOException {
        if (config.cert().isEmpty() && config.key().isEmpty()) {
            return Optional.empty();
        }
        if (config.cert().isEmpty() || config.key().isEmpty()) {
            throw new IOException("postern.pki.cert and postern.pki.key belong together; one of them is not set");
        }
        List<X509Certificate> chain = chain(Path.of(config.cert().get()));
        PrivateKey key = key(Path.of(config.key().get()));
        X509Certificate own = chain.getFirst();
        if (own.getBasicConstraints() < 1) {
            throw new IOException("postern.pki.cert: its first certificate must be of an authority that may have"
                    + " another below it (CA:true, no pathlen or one of 1 and more)");
        }
        if (!Keys.match(key, own.getPublicKey())) {
            throw new IOException("postern.pki.key is not the key of the first certificate in postern.pki.cert");
        }
        return Optional.of(new KeyEntry(Role.ROOT, key, chain, now));
    }

    private static List<X509Certificate> chain(Path file) throws IOException {
        try {
            List<X509Certificate> chain = Certificates.parse(Files.readString(file));
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (PkiException e) {
            // said below
        }
        throw new IOException("postern.pki.cert: " + file + " holds no certificate that can be read");
    }

    private static PrivateKey key(Path file) throws IOException {
        try {
            return Keys.privateKey(Files.readString(file));
        } catch (PkiException e) {
            throw new IOException("postern.pki.key: " + file + " holds no private key that can be read");
        }
    }
}
