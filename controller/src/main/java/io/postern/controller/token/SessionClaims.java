package io.postern.controller.token;

import java.time.Instant;

/** What a verified token says. Source: fabric sheet 7.1. */
public sealed interface SessionClaims {
    String tokenId();

    String apiSessionId();

    String identityId();

    Instant issuedAt();

    Instant expiresAt();

    /** An access token: this identity is logged in. */
    record ApiSession(String tokenId, String apiSessionId, String identityId, Instant issuedAt, Instant expiresAt)
            implements SessionClaims {}

    /** A service session: this identity may dial, or bind, this service. */
    record ServiceSession(
            String tokenId,
            String apiSessionId,
            String identityId,
            String serviceId,
            boolean bind,
            Instant issuedAt,
            Instant expiresAt)
            implements SessionClaims {}
}
