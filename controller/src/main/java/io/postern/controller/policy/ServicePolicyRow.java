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
@Table(name = "service_policy")
class ServicePolicyRow extends Stored {
    static final Kind<ServicePolicyRow, ServicePolicyDraft> KIND = new Kind<>(
            "servicePolicy",
            "service-policies",
            "service_policy",
            ServicePolicyRow.class,
            ServicePolicyDraft.class,
            ServicePolicyRow::new,
            ServicePolicyRow::write,
            ServicePolicyRow::draft,
            Map.of(
                    "name", Field.text("name"),
                    "type", Field.text("type"),
                    "semantic", Field.text("semantic"),
                    "serviceRoles", Field.set("service_roles"),
                    "identityRoles", Field.set("identity_roles"),
                    "postureCheckRoles", Field.set("posture_check_roles")),
            Set.of(),
            List.of("services", "identities", "posture-checks"));

    String name = "";
    String type = "";
    String semantic = "";
    String[] serviceRoles = {};
    String[] identityRoles = {};
    String[] postureCheckRoles = {};

    private void write(ServicePolicyDraft draft) {
        name = draft.name();
        type = draft.type().name();
        semantic = draft.semantic().name();
        serviceRoles = Roles.stored(draft.serviceRoles());
        identityRoles = Roles.stored(draft.identityRoles());
        postureCheckRoles = Roles.stored(draft.postureCheckRoles());
        tags(Objects.requireNonNullElse(draft.tags(), Map.of()));
    }

    private ServicePolicyDraft draft() {
        return new ServicePolicyDraft(
                name,
                PolicyType.valueOf(type),
                Semantic.valueOf(semantic),
                List.of(serviceRoles),
                List.of(identityRoles),
                List.of(postureCheckRoles),
                tags());
    }

    ServicePolicyView view(Map<String, Object> services, Map<String, Object> identities) {
        return new ServicePolicyView(
                KIND.base(this),
                name,
                PolicyType.valueOf(type),
                Semantic.valueOf(semantic),
                List.of(serviceRoles),
                RoleNames.display(services, serviceRoles),
                List.of(identityRoles),
                RoleNames.display(identities, identityRoles),
                List.of(postureCheckRoles),
                RoleNames.display(Map.of(), postureCheckRoles),
                isSystem);
    }
}
