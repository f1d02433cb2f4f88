package io.postern.controller.policy;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which identities may use which edge routers. */
@Singleton
public class EdgeRouterPolicies extends CrudService<EdgeRouterPolicyRow, EdgeRouterPolicyDraft, EdgeRouterPolicyView> {
    EdgeRouterPolicies(Kernel kernel) {
        super(EdgeRouterPolicyRow.KIND, kernel);
    }

    @Override
    protected List<String> extras() {
        return List.of(RoleNames.of("edge_router", "edge_router_roles"), RoleNames.of("identity", "identity_roles"));
    }

    @Override
    protected EdgeRouterPolicyView view(Found<EdgeRouterPolicyRow> found) {
        return found.row().view(found.map(0), found.map(1));
    }

    @Override
    protected Uni<Void> admit(
            Work work, String id, EdgeRouterPolicyDraft draft, @Nullable EdgeRouterPolicyDraft before) {

        return done().chain(() -> Roles.admit(work, "edge_router", "edgeRouterRoles", draft.edgeRouterRoles()))
                .chain(() -> Roles.admit(work, "identity", "identityRoles", draft.identityRoles()));
    }
}
