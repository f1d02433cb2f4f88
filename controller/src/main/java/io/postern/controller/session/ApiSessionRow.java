package io.postern.controller.session;

import io.postern.api.EntityRef;
import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.NoDraft;
import io.postern.controller.kernel.Stored;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

@Entity
@Table(name = "api_session")
class ApiSessionRow extends Stored {
    static final Kind<ApiSessionRow, NoDraft> KIND = new Kind<>(
            "apiSession",
            "api-sessions",
            "api_session",
            ApiSessionRow.class,
            NoDraft.class,
            ApiSessionRow::new,
            (row, draft) -> {},
            row -> new NoDraft(),
            Map.of(
                    "identity", Field.text("identity_id"),
                    "authenticator", Field.text("authenticator_id"),
                    "ipAddress", Field.text("ip_address"),
                    "lastActivityAt", Field.time("last_activity_at"),
                    "expiresAt", Field.time("expires_at"),
                    "mfaRequired", Field.bool("is_mfa_required"),
                    "mfaComplete", Field.bool("is_mfa_complete")),
            Set.of(),
            List.of("sessions"));

    String identityId = "";
    String authenticatorId = "";
    String ipAddress = "";
    String[] configTypes = {};
    String[] certFingerprints = {};
    boolean isMfaRequired;
    boolean isMfaComplete;
    Instant lastActivityAt = Instant.EPOCH;
    Instant expiresAt = Instant.EPOCH;

    ApiSessionView view(String identityName) {
        return new ApiSessionView(
                KIND.base(this),
                id,
                identityId,
                EntityRef.of("identities", identityId, identityName),
                authenticatorId,
                ipAddress,
                List.of(configTypes),
                List.of(),
                isMfaRequired,
                isMfaComplete,
                certFingerprints.length > 0,
                lastActivityAt,
                lastActivityAt,
                expiresAt);
    }
}
