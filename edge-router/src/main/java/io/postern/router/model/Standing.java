package io.postern.router.model;

import com.google.protobuf.Timestamp;
import io.postern.fabric.model.RouterModel;
import io.postern.pki.Certificates;
import io.postern.wire.edgectrl.pb.DataState.Revocation;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/** Whether verified claims still count: dates, revocations, the identity. Fabric sheet 7.3. */
final class Standing {
    private Standing() {}

    static Optional<String> refusal(RouterModel model, ApiSessionClaims claims, Instant now) {
        if (!now.isBefore(claims.expiresAt())) {
            return Optional.of("API Session token is expired");
        }
        return refusal(model, claims.tokenId(), claims.apiSessionId(), claims.identityId(), claims.issuedAt(), now);
    }

    static Optional<String> refusal(RouterModel model, SessionClaims claims, Instant now) {
        if (!now.isBefore(claims.expiresAt())) {
            return Optional.of("Session token is expired");
        }
        return refusal(model, claims.sessionId(), claims.apiSessionId(), claims.identityId(), claims.issuedAt(), now);
    }

    private static Optional<String> refusal(
            RouterModel model, String tokenId, String apiSessionId, String identityId, Instant issuedAt, Instant now) {
        var identity = model.identity(identityId);
        if (identity.isEmpty()) {
            return Optional.of("there is no such identity");
        }
        if (identity.get().getDisabled()) {
            return Optional.of("the identity is disabled");
        }
        boolean revoked = revoked(model, tokenId, "JTI", issuedAt, now)
                || revoked(model, apiSessionId, "API_SESSION", issuedAt, now)
                || revoked(model, identityId, "IDENTITY", issuedAt, now);
        return revoked ? Optional.of("token is revoked") : Optional.empty();
    }

    /** A revocation without type counts for every kind of id: that is how older controllers write them. */
    private static boolean revoked(RouterModel model, String id, String type, Instant issuedAt, Instant now) {
        Revocation found = model.revocation(id).orElse(null);
        if (found == null || !(found.getType().isEmpty() || found.getType().equals(type))) {
            return false;
        }
        if (found.hasExpiresAt() && !now.isBefore(instant(found.getExpiresAt()))) {
            return false;
        }
        return !found.hasIssuedBefore() || issuedAt.isBefore(instant(found.getIssuedBefore()));
    }

    private static Instant instant(Timestamp stamp) {
        return Instant.ofEpochSecond(stamp.getSeconds(), stamp.getNanos());
    }

    /** {@code spiffe://.../identity/ID[/apiSession/ID[/apiSessionCertificate/ID]]}. */
    static boolean spiffeNames(X509Certificate leaf, ApiSessionClaims claims) {
        for (String uri : Certificates.uris(leaf)) {
            if (!uri.startsWith("spiffe://")) {
                continue;
            }
            int path = uri.indexOf('/', "spiffe://".length());
            String[] parts = path < 0 ? new String[0] : uri.substring(path + 1).split("/");
            if (parts.length >= 2
                    && parts[0].equals("identity")
                    && parts[1].equals(claims.identityId())
                    && (parts.length < 4 || parts[2].equals("apiSession") && parts[3].equals(claims.apiSessionId()))) {
                return true;
            }
        }
        return false;
    }
}
