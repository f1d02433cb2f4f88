package io.postern.controller.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.postern.api.EntityRef;
import io.postern.api.Link;
import io.postern.controller.access.ApiSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An API Session as its owner sees it (SDK sheet 2.6). {@code authQueries} is never null: a stock client stops otherwise. */
public record ApiSessionView(
        String id,
        Instant createdAt,
        Instant updatedAt,
        Map<String, Object> tags,
        @JsonProperty("_links") Map<String, Link> links,
        String token,
        String identityId,
        EntityRef identity,
        String authenticatorId,
        String ipAddress,
        List<String> configTypes,
        List<Object> authQueries,
        @JsonProperty("isMfaRequired") boolean isMfaRequired,
        @JsonProperty("isMfaComplete") boolean isMfaComplete,
        @JsonProperty("isCertExtendable") boolean isCertExtendable,
        @JsonProperty("isCertExtendRequested") boolean isCertExtendRequested,
        @JsonProperty("isCertKeyRollRequested") boolean isCertKeyRollRequested,
        boolean improperClientCertChain,
        Instant lastActivityAt,
        Instant cachedLastActivityAt,
        long expirationSeconds,
        Instant expiresAt) {

    public static ApiSessionView of(ApiSession session, String token, Duration life) {
        return new ApiSessionView(
                session.id(),
                session.createdAt(),
                session.updatedAt(),
                Map.of(),
                Link.selfAnd("api-sessions", session.id(), List.of("sessions")),
                token,
                session.identityId(),
                EntityRef.of("identities", session.identityId(), session.identityName()),
                session.authenticatorId(),
                session.ipAddress(),
                session.configTypes(),
                List.of(),
                false,
                false,
                session.authenticatorMethod().equals("cert"),
                false,
                false,
                false,
                session.lastActivityAt(),
                session.lastActivityAt(),
                life.toSeconds(),
                session.expiresAt());
    }

    /** Shows no token. */
    @Override
    public String toString() {
        return "API Session " + id;
    }
}
