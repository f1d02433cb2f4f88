package io.postern.controller.pki;

import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A key of the controller with its certificates.
 *
 * @param role what the key is for
 * @param chain own certificate first
 */
public record KeyEntry(Role role, PrivateKey key, List<X509Certificate> chain, Instant createdAt) {
    /** What a key is for. */
    public enum Role {
        ROOT,
        INTERMEDIATE,
        /** The leaf of the HTTPS and control port; signs enrollment tokens. */
        HTTPS,
        /** Signs API Sessions and Sessions. */
        JWT
    }

    public KeyEntry {
        chain = List.copyOf(chain);
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** SHA-1 of the certificate. */
    public String kid() {
        return Certificates.sha1(certificate());
    }

    Instant expiresAt() {
        return certificate().getNotAfter().toInstant();
    }

    Authority authority() {
        return new Authority(key, chain);
    }

    /** Names the key, never shows it. */
    @Override
    public String toString() {
        return role + " " + kid();
    }
}
