package io.postern.controller.enrollment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An enrollment that waits for its enroller: of an identity, or ({@code erott}) of an edge router. */
public record Enrollment(
        String id,
        String method,
        String token,
        @Nullable String identityId,
        @Nullable String edgeRouterId,
        @Nullable String username,
        @Nullable String caId,
        Instant expiresAt) {
    @Override
    public String toString() {
        return "Enrollment[" + id + " " + method + "]";
    }
}
