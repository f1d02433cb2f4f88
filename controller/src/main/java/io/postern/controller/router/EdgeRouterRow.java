package io.postern.controller.router;

import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.RoleAttributes;
import io.postern.controller.kernel.Stored;
import io.postern.controller.presence.RouterPresence;
import io.vertx.core.json.JsonObject;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "edge_router")
class EdgeRouterRow extends Stored {
    private static final RouterPresence.Version UNKNOWN = new RouterPresence.Version("", "", "", "", "");

    static final Kind<EdgeRouterRow, EdgeRouterDraft> KIND = new Kind<>(
            "edgeRouter",
            "edge-routers",
            "edge_router",
            EdgeRouterRow.class,
            EdgeRouterDraft.class,
            EdgeRouterRow::new,
            EdgeRouterRow::write,
            EdgeRouterRow::draft,
            Map.of(
                    "name", Field.text("name"),
                    "roleAttributes", Field.set("role_attributes"),
                    "isTunnelerEnabled", Field.bool("is_tunneler_enabled"),
                    "isVerified", Field.bool("is_verified"),
                    "fingerprint", Field.text("fingerprint"),
                    "cost", Field.number("cost"),
                    "noTraversal", Field.bool("no_traversal"),
                    "disabled", Field.bool("disabled"),
                    "configs", Field.set("configs")),
            Set.of(),
            List.of("edge-router-policies"));

    String name = "";
    String[] roleAttributes = {};
    boolean isTunnelerEnabled;
    boolean isVerified;

    @Nullable
    String fingerprint;

    @Nullable
    String certPem;

    @Nullable
    String unverifiedFingerprint;

    @Nullable
    String unverifiedCertPem;

    int cost;
    boolean noTraversal;
    boolean disabled;
    JsonObject appData = new JsonObject();
    String[] configs = {};
    JsonObject ctrlChanListeners = new JsonObject();

    private void write(EdgeRouterDraft draft) {
        name = draft.name();
        roleAttributes = RoleAttributes.of(draft.roleAttributes());
        isTunnelerEnabled = Boolean.TRUE.equals(draft.isTunnelerEnabled());
        cost = Objects.requireNonNullElse(draft.cost(), 0);
        noTraversal = Boolean.TRUE.equals(draft.noTraversal());
        disabled = Boolean.TRUE.equals(draft.disabled());
        appData = new JsonObject(Objects.requireNonNullElse(draft.appData(), Map.of()));
        configs = Objects.requireNonNullElse(draft.configs(), List.<String>of()).toArray(String[]::new);
        ctrlChanListeners = new JsonObject(Objects.requireNonNullElse(draft.ctrlChanListeners(), Map.of()));
        tags(Objects.requireNonNullElse(draft.tags(), Map.of()));
    }

    private EdgeRouterDraft draft() {
        return new EdgeRouterDraft(
                name,
                isTunnelerEnabled,
                List.of(roleAttributes),
                cost,
                noTraversal,
                disabled,
                appData.getMap(),
                ctrlChanListeners.getMap(),
                List.of(configs),
                tags());
    }

    /** A certificate that an enrollment made, or none to come. */
    void certified(@Nullable String newFingerprint, @Nullable String newCertPem) {
        fingerprint = newFingerprint;
        certPem = newCertPem;
        unverifiedFingerprint = null;
        unverifiedCertPem = null;
        isVerified = newFingerprint != null;
    }

    EdgeRouterView view(Optional<RouterPresence.Presence> presence, @Nullable RouterEnrollment enrollment) {
        return new EdgeRouterView(
                KIND.base(this),
                name,
                List.of(roleAttributes),
                isTunnelerEnabled,
                isVerified,
                presence.isPresent(),
                presence.map(RouterPresence.Presence::hostname).orElse(""),
                presence.map(RouterPresence.Presence::supportedProtocols).orElse(Map.of()),
                presence.map(RouterPresence.Presence::syncStatus).orElse("SYNC_UNKNOWN"),
                presence.map(RouterPresence.Presence::capabilities).orElse(List.of()),
                cost,
                noTraversal,
                disabled,
                appData.getMap(),
                List.of(configs),
                ctrlChanListeners.getMap(),
                fingerprint,
                certPem,
                unverifiedFingerprint,
                unverifiedCertPem,
                null,
                presence.map(RouterPresence.Presence::version).orElse(UNKNOWN),
                enrollment == null ? null : enrollment.token(),
                enrollment == null ? null : enrollment.jwt(),
                enrollment == null ? null : enrollment.createdAt(),
                enrollment == null ? null : enrollment.expiresAt());
    }
}
