package io.postern.controller.enrollment;

import io.postern.controller.pki.Advertised;
import io.postern.controller.pki.KeyEntry;
import io.postern.controller.pki.Pki;
import io.postern.pki.EnrollmentToken;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Signs enrollment tokens with the key of the HTTPS leaf, which is what stock enrollers check them with. */
@Singleton
public class LeafSigner implements EnrollmentSigner {
    private final Pki pki;
    private final Advertised advertised;

    LeafSigner(Pki pki, Advertised advertised) {
        this.pki = pki;
        this.advertised = advertised;
    }

    @Override
    public String sign(String method, String subject, String token, Instant expiresAt) {
        KeyEntry leaf = pki.https();
        return EnrollmentToken.oneTime(
                        advertised.url(), subject, method, token, expiresAt, List.of(advertised.controlAddress()))
                .sign(leaf.key(), leaf.certificate());
    }

    /** The token by which anybody learns whose network this is: no secret, no expiry. */
    public String network() {
        KeyEntry leaf = pki.https();
        String issuer = advertised.url() + "/";
        return new EnrollmentToken(
                        issuer,
                        issuer,
                        "network",
                        leaf.kid(),
                        Optional.empty(),
                        List.of("openziti-enroller"),
                        List.of())
                .sign(leaf.key(), leaf.certificate());
    }
}
