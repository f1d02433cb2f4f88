package io.postern.controller.identity;

import io.postern.api.EntityRef;
import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.RoleAttributes;
import io.postern.controller.kernel.Stored;
import io.vertx.core.json.JsonObject;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "identity")
class IdentityRow extends Stored {
    static final String ROUTER = "Router";
    private static final String DEFAULT_POLICY = "default";

    static final Kind<IdentityRow, IdentityDraft> KIND = new Kind<>(
            "identity",
            "identities",
            "identity",
            IdentityRow.class,
            IdentityDraft.class,
            IdentityRow::new,
            IdentityRow::write,
            IdentityRow::draft,
            Map.of(
                    "name", Field.text("name"),
                    "type", Field.text("type_id"),
                    "isAdmin", Field.bool("is_admin"),
                    "isDefaultAdmin", Field.bool("is_default_admin"),
                    "roleAttributes", Field.set("role_attributes"),
                    "authPolicyId", Field.text("auth_policy_id"),
                    "externalId", Field.text("external_id")),
            Set.of(),
            List.of(
                    "authenticators",
                    "edge-router-policies",
                    "edge-routers",
                    "enrollments",
                    "failed-service-requests",
                    "posture-data",
                    "service-configs",
                    "service-policies",
                    "services"));

    String name = "";
    String typeId = "Default";
    boolean isAdmin;
    boolean isDefaultAdmin;
    String[] roleAttributes = {};
    String authPolicyId = DEFAULT_POLICY;

    @Nullable
    String externalId;

    JsonObject appData = new JsonObject();
    int defaultHostingCost;
    String defaultHostingPrecedence = Precedence.DEFAULT.wire();
    JsonObject serviceHostingCosts = new JsonObject();
    JsonObject serviceHostingPrecedences = new JsonObject();
    String[] permissions = {};
    JsonObject envInfo = new JsonObject();
    JsonObject sdkInfo = new JsonObject();

    @Nullable
    Instant disabledAt;

    @Nullable
    Instant disabledUntil;

    private void write(IdentityDraft draft) {
        name = draft.name();
        typeId = draft.type() == IdentityType.Router ? ROUTER : "Default";
        isAdmin = draft.isAdmin();
        roleAttributes = RoleAttributes.of(draft.roleAttributes());
        authPolicyId = Objects.requireNonNullElse(draft.authPolicyId(), DEFAULT_POLICY);
        externalId = draft.externalId() == null || draft.externalId().isEmpty() ? null : draft.externalId();
        appData = new JsonObject(Objects.requireNonNullElse(draft.appData(), Map.of()));
        defaultHostingCost = Objects.requireNonNullElse(draft.defaultHostingCost(), 0);
        defaultHostingPrecedence = Objects.requireNonNullElse(draft.defaultHostingPrecedence(), Precedence.DEFAULT)
                .wire();
        serviceHostingCosts = new JsonObject(
                new HashMap<>(Objects.requireNonNullElse(draft.serviceHostingCosts(), Map.<String, Integer>of())));
        serviceHostingPrecedences = new JsonObject();
        Objects.requireNonNullElse(draft.serviceHostingPrecedences(), Map.<String, Precedence>of())
                .forEach((service, precedence) -> serviceHostingPrecedences.put(service, precedence.wire()));
        permissions = Objects.requireNonNullElse(draft.permissions(), List.<String>of())
                .toArray(String[]::new);
        tags(Objects.requireNonNullElse(draft.tags(), Map.of()));
    }

    private IdentityDraft draft() {
        Map<String, Integer> costs = new HashMap<>();
        serviceHostingCosts.forEach(cost -> costs.put(cost.getKey(), ((Number) cost.getValue()).intValue()));
        Map<String, Precedence> precedences = new HashMap<>();
        serviceHostingPrecedences.forEach(
                each -> precedences.put(each.getKey(), Precedence.of((String) each.getValue())));
        return new IdentityDraft(
                name,
                IdentityType.valueOf(typeId),
                isAdmin,
                List.of(roleAttributes),
                null,
                authPolicyId,
                externalId,
                appData.getMap(),
                defaultHostingCost,
                Precedence.of(defaultHostingPrecedence),
                costs,
                precedences,
                List.of(permissions),
                tags());
    }

    boolean isRouter() {
        return typeId.equals(ROUTER);
    }

    boolean isDisabled(Instant now) {
        return disabledAt != null && (disabledUntil == null || disabledUntil.isAfter(now));
    }

    IdentityView view(IdentityDetails details, boolean connected, Instant now) {
        boolean disabled = isDisabled(now);
        return new IdentityView(
                KIND.base(this),
                name,
                EntityRef.of("identity-types", typeId, typeId),
                typeId,
                isAdmin,
                isDefaultAdmin,
                false,
                List.of(roleAttributes),
                details.authenticators(),
                details.enrollments(),
                EntityRef.of("auth-policies", authPolicyId, "Default"),
                authPolicyId,
                externalId,
                appData.getMap(),
                defaultHostingCost,
                defaultHostingPrecedence,
                serviceHostingCosts.getMap(),
                serviceHostingPrecedences.getMap(),
                List.of(permissions),
                envInfo.getMap(),
                sdkInfo.getMap(),
                null,
                details.hasApiSession(),
                connected,
                connected ? "online" : "offline",
                disabled,
                disabled ? disabledAt : null,
                disabled ? disabledUntil : null);
    }
}
