package io.postern.controller.policy;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may dial or bind which services. */
@Singleton
public class ServicePolicies extends CrudService<ServicePolicyRow, ServicePolicyDraft, ServicePolicyView> {
    ServicePolicies(Kernel kernel) {
        super(ServicePolicyRow.KIND, kernel);
    }

    @Override
    protected List<String> extras() {
        return List.of(RoleNames.of("service", "service_roles"), RoleNames.of("identity", "identity_roles"));
    }

    @Override
    protected ServicePolicyView view(Found<ServicePolicyRow> found) {
        return found.row().view(found.map(0), found.map(1));
    }

    @Override
    protected Uni<Void> admit(Work work, String id, ServicePolicyDraft draft, @Nullable ServicePolicyDraft before) {
        Roles.check("postureCheckRoles", draft.postureCheckRoles());
        return done().chain(() -> Roles.admit(work, "service", "serviceRoles", draft.serviceRoles()))
                .chain(() -> Roles.admit(work, "identity", "identityRoles", draft.identityRoles()));
    }
}
