package io.postern.controller.enrollment;

import io.postern.api.EntityRef;
import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.Stored;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "enrollment")
class EnrollmentRow extends Stored {
    static final Kind<EnrollmentRow, EnrollmentDraft> KIND = new Kind<>(
            "enrollment",
            "enrollments",
            "enrollment",
            EnrollmentRow.class,
            EnrollmentDraft.class,
            EnrollmentRow::new,
            EnrollmentRow::write,
            EnrollmentRow::draft,
            Map.of(
                    "method", Field.text("method"),
                    "token", Field.text("token"),
                    "identity", Field.text("identity_id"),
                    "edgeRouter", Field.text("edge_router_id"),
                    "transitRouter", Field.of(Field.Type.TEXT, "cast(null as text)"),
                    "expiresAt", Field.time("expires_at"),
                    "caId", Field.text("ca_id")),
            Set.of(),
            List.of());

    String method = "";
    String token = "";
    String jwt = "";
    Instant expiresAt = Instant.EPOCH;

    @Nullable
    String identityId;

    @Nullable
    String edgeRouterId;

    @Nullable
    String username;

    @Nullable
    String caId;

    private void write(EnrollmentDraft draft) {
        method = draft.method().name();
        identityId = draft.identityId();
        expiresAt = draft.expiresAt();
        username = draft.username();
        caId = draft.caId();
    }

    private EnrollmentDraft draft() {
        return new EnrollmentDraft(
                String.valueOf(identityId), EnrollmentMethod.valueOf(method), expiresAt, username, caId);
    }

    EnrollmentView view(String identityName, String routerName) {
        return new EnrollmentView(
                KIND.base(this),
                method,
                token,
                jwt,
                expiresAt,
                identityId,
                ref("identities", identityId, identityName),
                edgeRouterId,
                ref("edge-routers", edgeRouterId, routerName),
                username,
                caId);
    }

    Enrollment enrollment() {
        return new Enrollment(id, method, token, identityId, edgeRouterId, username, caId, expiresAt);
    }

    private static @Nullable EntityRef ref(String collection, @Nullable String id, String name) {
        return id == null ? null : EntityRef.of(collection, id, name);
    }
}
