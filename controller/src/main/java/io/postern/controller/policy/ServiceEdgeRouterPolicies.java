package io.postern.controller.policy;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Through which edge routers services may be reached. */
@Singleton
public class ServiceEdgeRouterPolicies
        extends CrudService<ServiceEdgeRouterPolicyRow, ServiceEdgeRouterPolicyDraft, ServiceEdgeRouterPolicyView> {
    ServiceEdgeRouterPolicies(Kernel kernel) {
        super(ServiceEdgeRouterPolicyRow.KIND, kernel);
    }

    @Override
    protected List<String> extras() {
        return List.of(RoleNames.of("edge_router", "edge_router_roles"), RoleNames.of("service", "service_roles"));
    }

    @Override
    protected ServiceEdgeRouterPolicyView view(Found<ServiceEdgeRouterPolicyRow> found) {
        return found.row().view(found.map(0), found.map(1));
    }

    @Override
    protected Uni<Void> admit(
            Work work, String id, ServiceEdgeRouterPolicyDraft draft, @Nullable ServiceEdgeRouterPolicyDraft before) {

        return done().chain(() -> Roles.admit(work, "edge_router", "edgeRouterRoles", draft.edgeRouterRoles()))
                .chain(() -> Roles.admit(work, "service", "serviceRoles", draft.serviceRoles()));
    }
}
