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
@Table(name = "service_edge_router_policy")
class ServiceEdgeRouterPolicyRow extends Stored {
    static final Kind<ServiceEdgeRouterPolicyRow, ServiceEdgeRouterPolicyDraft> KIND = new Kind<>(
            "serviceEdgeRouterPolicy",
            "service-edge-router-policies",
            "service_edge_router_policy",
            ServiceEdgeRouterPolicyRow.class,
            ServiceEdgeRouterPolicyDraft.class,
            ServiceEdgeRouterPolicyRow::new,
            ServiceEdgeRouterPolicyRow::write,
            ServiceEdgeRouterPolicyRow::draft,
            Map.of(
                    "name", Field.text("name"),
                    "semantic", Field.text("semantic"),
                    "edgeRouterRoles", Field.set("edge_router_roles"),
                    "serviceRoles", Field.set("service_roles")),
            Set.of(),
            List.of("edge-routers", "services"));

    String name = "";
    String semantic = "";
    String[] edgeRouterRoles = {};
    String[] serviceRoles = {};

    private void write(ServiceEdgeRouterPolicyDraft draft) {
        name = draft.name();
        semantic = draft.semantic().name();
        edgeRouterRoles = Roles.stored(draft.edgeRouterRoles());
        serviceRoles = Roles.stored(draft.serviceRoles());
        tags(Objects.requireNonNullElse(draft.tags(), Map.of()));
    }

    private ServiceEdgeRouterPolicyDraft draft() {
        return new ServiceEdgeRouterPolicyDraft(
                name, Semantic.valueOf(semantic), List.of(edgeRouterRoles), List.of(serviceRoles), tags());
    }

    ServiceEdgeRouterPolicyView view(Map<String, Object> routers, Map<String, Object> services) {
        return new ServiceEdgeRouterPolicyView(
                KIND.base(this),
                name,
                Semantic.valueOf(semantic),
                List.of(edgeRouterRoles),
                RoleNames.display(routers, edgeRouterRoles),
                List.of(serviceRoles),
                RoleNames.display(services, serviceRoles),
                isSystem);
    }
}
