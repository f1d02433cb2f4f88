package io.postern.controller.enrollment;

import java.time.Instant;

/** Makes the JWT that an enroller is handed (SDK sheet 1.2). Signed by the key of the TLS leaf certificate. */
public interface EnrollmentSigner {
    /**
     * @param method {@code ott}, {@code ottca}, {@code updb} or {@code erott}
     * @param subject the id of the identity or of the edge router
     * @param token the JWT's id, which the enroller hands back
     */
    String sign(String method, String subject, String token, Instant expiresAt);
}
