package io.postern.controller.access;

import java.time.Instant;
import java.util.List;

/**
 * The standing of an authenticated identity with the controller, as its row says.
 *
 * @param authenticatorMethod cert or updb; empty when the authenticator is gone
 * @param certFingerprints certificates the session is bound to; empty for a login by password
 */
public record ApiSession(
        String id,
        String identityId,
        String identityName,
        boolean isAdmin,
        String authenticatorId,
        String authenticatorMethod,
        String ipAddress,
        List<String> configTypes,
        List<String> certFingerprints,
        Instant createdAt,
        Instant updatedAt,
        Instant lastActivityAt,
        Instant expiresAt) {
    public ApiSession {
        configTypes = List.copyOf(configTypes);
        certFingerprints = List.copyOf(certFingerprints);
    }

    ApiSession used(Instant now, Instant until) {
        return new ApiSession(
                id,
                identityId,
                identityName,
                isAdmin,
                authenticatorId,
                authenticatorMethod,
                ipAddress,
                configTypes,
                certFingerprints,
                createdAt,
                updatedAt,
                now,
                until);
    }
}
