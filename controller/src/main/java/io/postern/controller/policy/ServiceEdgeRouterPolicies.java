package io.postern.controller.policy;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Through which edge routers services may be reached. */
@Singleton
public class ServiceEdgeRouterPolicies
        extends CrudService<ServiceEdgeRouterPolicyRow, ServiceEdgeRouterPolicyDraft, ServiceEdgeRouterPolicyView> {
    ServiceEdgeRouterPolicies(Kernel kernel) {
        super(ServiceEdgeRouterPolicyRow.KIND, kernel);
    }

    @Override
    protected Uni<List<ServiceEdgeRouterPolicyView>> views(
            Mutiny.Session session, List<ServiceEdgeRouterPolicyRow> rows) {
        var names = new RoleNames();
        return done().chain(() -> names.read(
                        session,
                        "edge_router",
                        rows.stream().map(row -> row.edgeRouterRoles).toList()))
                .chain(() -> names.read(
                        session,
                        "service",
                        rows.stream().map(row -> row.serviceRoles).toList()))
                .replaceWith(() -> rows.stream().map(row -> row.view(names)).toList());
    }

    @Override
    protected Uni<Void> admit(
            Work work, String id, ServiceEdgeRouterPolicyDraft draft, @Nullable ServiceEdgeRouterPolicyDraft before) {

        return done().chain(() -> Roles.admit(work, "edge_router", "edgeRouterRoles", draft.edgeRouterRoles()))
                .chain(() -> Roles.admit(work, "service", "serviceRoles", draft.serviceRoles()));
    }
}
