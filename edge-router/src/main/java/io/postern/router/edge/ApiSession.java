package io.postern.router.edge;

import io.postern.router.model.ApiSessionClaims;
import java.util.List;

/**
 * Who speaks on a Channel, and with what proof. Replaced as a whole when the client brings a newer token.
 *
 * @param token handed to the controller with each request made for this client; never printed
 * @param fingerprints hex SHA-1 of every certificate the client presented, leaf first
 */
record ApiSession(ApiSessionClaims claims, String token, List<String> fingerprints) {
    ApiSession {
        fingerprints = List.copyOf(fingerprints);
    }

    String identityId() {
        return claims.identityId();
    }

    @Override
    public String toString() {
        return "apiSessionId=" + claims.apiSessionId() + " identityId=" + claims.identityId();
    }
}
