package io.postern.controller.authenticator;

import io.postern.api.EntityRef;
import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.Stored;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "authenticator")
class AuthenticatorRow extends Stored {
    static final String CERT = "cert";
    static final String UPDB = "updb";

    static final Kind<AuthenticatorRow, AuthenticatorDraft> KIND = new Kind<>(
            "authenticator",
            "authenticators",
            "authenticator",
            AuthenticatorRow.class,
            AuthenticatorDraft.class,
            AuthenticatorRow::new,
            AuthenticatorRow::write,
            AuthenticatorRow::draft,
            Map.of(
                    "method", Field.text("method"),
                    "identity", Field.text("identity_id"),
                    "updbUsername", Field.text("username"),
                    "username", Field.text("username"),
                    "certFingerprint", Field.text("fingerprint"),
                    "certPem", Field.text("cert_pem"),
                    "isIssuedByNetwork", Field.bool("is_issued_by_network"),
                    "isExtendRequested", Field.bool("is_extend_requested"),
                    "isKeyRollRequested", Field.bool("is_key_roll_requested"),
                    "extendRequestedAt", Field.time("extend_requested_at")),
            Set.of("method", "identityId"),
            List.of());

    String method = "";
    String identityId = "";

    @Nullable
    String username;

    @Nullable
    String passwordHash;

    @Nullable
    String fingerprint;

    @Nullable
    String certPem;

    @Nullable
    String unverifiedFingerprint;

    @Nullable
    String unverifiedCertPem;

    boolean isIssuedByNetwork;
    boolean isExtendRequested;
    boolean isKeyRollRequested;

    @Nullable
    Instant extendRequestedAt;

    private void write(AuthenticatorDraft draft) {
        method = draft.method();
        identityId = draft.identityId();
        username = draft.username();
        tags(Objects.requireNonNullElse(draft.tags(), Map.of()));
    }

    private AuthenticatorDraft draft() {
        return new AuthenticatorDraft(method, identityId, username, null, tags());
    }

    AuthenticatorView view(String identityName) {
        boolean cert = method.equals(CERT);
        return new AuthenticatorView(
                KIND.base(this),
                method,
                identityId,
                EntityRef.of("identities", identityId, identityName),
                username,
                fingerprint,
                certPem,
                cert ? isIssuedByNetwork : null,
                cert ? isExtendRequested : null,
                cert ? isKeyRollRequested : null);
    }
}
