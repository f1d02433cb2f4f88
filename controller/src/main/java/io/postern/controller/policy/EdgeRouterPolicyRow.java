package io.postern.controller.policy;

import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.Stored;
import io.postern.fabric.policy.Semantic;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

@Entity
@Table(name = "edge_router_policy")
class EdgeRouterPolicyRow extends Stored {
    static final Kind<EdgeRouterPolicyRow, EdgeRouterPolicyDraft> KIND = new Kind<>(
            "edgeRouterPolicy",
            "edge-router-policies",
            "edge_router_policy",
            EdgeRouterPolicyRow.class,
            EdgeRouterPolicyDraft.class,
            EdgeRouterPolicyRow::new,
            EdgeRouterPolicyRow::write,
            EdgeRouterPolicyRow::draft,
            Map.of(
                    "name", Field.text("name"),
                    "semantic", Field.text("semantic"),
                    "edgeRouterRoles", Field.set("edge_router_roles"),
                    "identityRoles", Field.set("identity_roles")),
            Set.of(),
            List.of("edge-routers", "identities"));

    String name = "";
    String semantic = "";
    String[] edgeRouterRoles = {};
    String[] identityRoles = {};

    private void write(EdgeRouterPolicyDraft draft) {
        name = draft.name();
        semantic = draft.semantic().name();
        edgeRouterRoles = Roles.stored(draft.edgeRouterRoles());
        identityRoles = Roles.stored(draft.identityRoles());
        tags(Objects.requireNonNullElse(draft.tags(), Map.of()));
    }

    private EdgeRouterPolicyDraft draft() {
        return new EdgeRouterPolicyDraft(
                name, Semantic.valueOf(semantic), List.of(edgeRouterRoles), List.of(identityRoles), tags());
    }

    EdgeRouterPolicyView view(Map<String, Object> routers, Map<String, Object> identities) {
        return new EdgeRouterPolicyView(
                KIND.base(this),
                name,
                Semantic.valueOf(semantic),
                List.of(edgeRouterRoles),
                RoleNames.display(routers, edgeRouterRoles),
                List.of(identityRoles),
                RoleNames.display(identities, identityRoles),
                isSystem);
    }
}
