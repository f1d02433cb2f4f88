package io.postern.controller.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.postern.controller.pki.Pki;
import io.postern.pki.Certificates;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether a client's certificate is one of ours. A chain that held is remembered for a while, since verifying signatures is
 * the dearest part of a login; dates are looked at each time. Any thread.
 */
@Singleton
public class ClientCertificates {
    private final Pki pki;
    /** By fingerprint. A connection's certificate is bytes until something is asked of it: the dates spare reading them. */
    private final Cache<String, Validity> held = Caffeine.newBuilder()
            .maximumSize(50_000)
            .expireAfterWrite(Duration.ofMinutes(10))
            .executor(Runnable::run)
            .build();

    private record Validity(Instant from, Instant until) {
        static Validity of(X509Certificate certificate) {
            return new Validity(
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant());
        }

        boolean holds(Instant now) {
            return !now.isBefore(from) && now.isBefore(until);
        }
    }

    ClientCertificates(Pki pki) {
        this.pki = pki;
        pki.onReplaced(held::invalidateAll);
    }

    /** @return why it is refused; empty when it holds */
    public Optional<String> refusal(List<X509Certificate> chain, Instant now) {
        if (chain.isEmpty()) {
            return Optional.of("no client certificate");
        }
        X509Certificate leaf = chain.getFirst();
        String fingerprint = Certificates.sha1(leaf);
        Validity known = held.getIfPresent(fingerprint);
        if (known != null && known.holds(now)) {
            return Optional.empty();
        }
        Optional<String> refusal = pki.verifier().refusal(chain, now, false);
        if (refusal.isEmpty()) {
            held.put(fingerprint, Validity.of(leaf));
        }
        return refusal;
    }
}
