package io.postern.controller.token;

import java.time.Instant;

/**
 * What the token of a Session says (SDK sheet 3.2).
 *
 * @param sessionId {@code jti}
 * @param serviceId {@code sub}
 * @param type {@code z_st}: Dial or Bind
 * @param isLegacy {@code z_leg}: the API Session was not begun by OIDC
 */
public record ServiceClaims(
        String sessionId,
        String apiSessionId,
        String identityId,
        String serviceId,
        String type,
        boolean isLegacy,
        Instant issuedAt,
        Instant expiresAt) {}
