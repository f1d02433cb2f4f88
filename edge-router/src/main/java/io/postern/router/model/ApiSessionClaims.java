package io.postern.router.model;

import java.time.Instant;
import java.util.Set;

/**
 * A verified access token. Fabric sheet 7.1.
 *
 * @param tokenId jti
 * @param fingerprints hex SHA-1 of client certificates that may carry this token (z_cfs)
 * @param expiredCertificateAllowed z_cae
 */
public record ApiSessionClaims(
        String apiSessionId,
        String identityId,
        String tokenId,
        Instant issuedAt,
        Instant expiresAt,
        Set<String> fingerprints,
        boolean expiredCertificateAllowed) {}
