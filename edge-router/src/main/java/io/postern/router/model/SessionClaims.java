package io.postern.router.model;

import java.time.Instant;

/** A verified service session token. Fabric sheet 7.1. */
public record SessionClaims(
        String sessionId,
        String apiSessionId,
        String identityId,
        String serviceId,
        Type type,
        Instant issuedAt,
        Instant expiresAt) {
    public enum Type {
        DIAL,
        BIND
    }
}
