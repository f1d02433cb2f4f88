package io.postern.controller.oidc;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a refresh token says of itself. */
record RefreshClaims(String tokenId, String apiSessionId, String identityId, String clientId, Instant expiresAt) {
    /** Empty for claims of another kind. */
    static Optional<RefreshClaims> read(Map<String, Object> claims) {
        return "r".equals(claims.get("z_t"))
                        && claims.get("jti") instanceof String tokenId
                        && claims.get("z_asid") instanceof String apiSessionId
                        && claims.get("sub") instanceof String identityId
                        && claims.get("client_id") instanceof String clientId
                        && claims.get("exp") instanceof Number expires
                ? Optional.of(new RefreshClaims(
                        tokenId, apiSessionId, identityId, clientId, Instant.ofEpochSecond(expires.longValue())))
                : Optional.empty();
    }
}
