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
 * @param clientId {@code client_id}: openziti or native
 * @param scopes {@code scopes}: what an OIDC login asked for; empty for a token of the legacy flow
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
        String clientId,
        List<String> scopes,
        Instant issuedAt,
        Instant expiresAt) {
    public ApiSessionClaims {
        certFingerprints = List.copyOf(certFingerprints);
        configTypes = List.copyOf(configTypes);
        scopes = List.copyOf(scopes);
    }

    /** Whether this is the access token of an OIDC login, which its client renews by itself. */
    public boolean isOidc() {
        return !scopes.isEmpty();
    }
}
