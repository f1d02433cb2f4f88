package io.postern.controller.policy;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Who may dial or bind which services. */
@Singleton
public class ServicePolicies extends CrudService<ServicePolicyRow, ServicePolicyDraft, ServicePolicyView> {
    ServicePolicies(Kernel kernel) {
        super(ServicePolicyRow.KIND, kernel);
    }

    @Override
    protected Uni<List<ServicePolicyView>> views(Mutiny.Session session, List<ServicePolicyRow> rows) {
        var names = new RoleNames();
        return done().chain(() -> names.read(
                        session,
                        "service",
                        rows.stream().map(row -> row.serviceRoles).toList()))
                .chain(() -> names.read(
                        session,
                        "identity",
                        rows.stream().map(row -> row.identityRoles).toList()))
                .replaceWith(() -> rows.stream().map(row -> row.view(names)).toList());
    }

    @Override
    protected Uni<Void> admit(Work work, String id, ServicePolicyDraft draft, @Nullable ServicePolicyDraft before) {
        Roles.check("postureCheckRoles", draft.postureCheckRoles());
        return done().chain(() -> Roles.admit(work, "service", "serviceRoles", draft.serviceRoles()))
                .chain(() -> Roles.admit(work, "identity", "identityRoles", draft.identityRoles()));
    }
}
