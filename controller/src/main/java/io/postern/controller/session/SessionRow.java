package io.postern.controller.session;

import io.postern.api.EntityRef;
import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.NoDraft;
import io.postern.controller.kernel.Stored;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;

@Entity
@Table(name = "session")
class SessionRow extends Stored {
    static final Kind<SessionRow, NoDraft> KIND = new Kind<>(
            "session",
            "sessions",
            "session",
            SessionRow.class,
            NoDraft.class,
            SessionRow::new,
            (row, draft) -> {},
            row -> new NoDraft(),
            Map.of(
                    "apiSession", Field.text("api_session_id"),
                    "identity", Field.text("identity_id"),
                    "service", Field.text("service_id"),
                    "type", Field.text("type")),
            Set.of(),
            List.of());

    String apiSessionId = "";
    String identityId = "";
    String serviceId = "";
    String type = "";

    SessionView view(String serviceName) {
        return new SessionView(
                KIND.base(this),
                id,
                type,
                apiSessionId,
                EntityRef.of("api-sessions", apiSessionId, ""),
                identityId,
                serviceId,
                EntityRef.of("services", serviceId, serviceName),
                List.of());
    }
}
