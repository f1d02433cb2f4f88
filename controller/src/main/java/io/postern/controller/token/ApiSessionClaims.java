package io.postern.controller.token;

import java.time.Instant;
import java.util.List;

/**
 * What the token of an API Session says (fabric sheet 7.1).
 *
 * @param tokenId {@code jti}
 * @param apiSessionId {@code z_asid}
 * @param identityId {@code sub}
 * @param isAdmin {@code z_ia}
 * @param certFingerprints {@code z_cfs}: SHA-1 of the client certificates the token is good with; empty is any
 * @param configTypes {@code z_ct}
 * @param authenticatorId {@code z_authid}
 * @param method {@code amr}: cert or password
 * @param remoteAddress {@code z_ra}
 */
public record ApiSessionClaims(
        String tokenId,
        String apiSessionId,
        String identityId,
        boolean isAdmin,
        List<String> certFingerprints,
        List<String> configTypes,
        String authenticatorId,
        String method,
        String remoteAddress,
        Instant issuedAt,
        Instant expiresAt) {
    public ApiSessionClaims {
        certFingerprints = List.copyOf(certFingerprints);
        configTypes = List.copyOf(configTypes);
    }
}
