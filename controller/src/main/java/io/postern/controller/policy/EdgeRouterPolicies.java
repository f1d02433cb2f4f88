package io.postern.controller.policy;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Which identities may use which edge routers. */
@Singleton
public class EdgeRouterPolicies extends CrudService<EdgeRouterPolicyRow, EdgeRouterPolicyDraft, EdgeRouterPolicyView> {
    EdgeRouterPolicies(Kernel kernel) {
        super(EdgeRouterPolicyRow.KIND, kernel);
    }

    @Override
    protected Uni<List<EdgeRouterPolicyView>> views(Mutiny.Session session, List<EdgeRouterPolicyRow> rows) {
        var names = new RoleNames();
        return done().chain(() -> names.read(
                        session,
                        "edge_router",
                        rows.stream().map(row -> row.edgeRouterRoles).toList()))
                .chain(() -> names.read(
                        session,
                        "identity",
                        rows.stream().map(row -> row.identityRoles).toList()))
                .replaceWith(() -> rows.stream().map(row -> row.view(names)).toList());
    }

    @Override
    protected Uni<Void> admit(
            Work work, String id, EdgeRouterPolicyDraft draft, @Nullable EdgeRouterPolicyDraft before) {

        return done().chain(() -> Roles.admit(work, "edge_router", "edgeRouterRoles", draft.edgeRouterRoles()))
                .chain(() -> Roles.admit(work, "identity", "identityRoles", draft.identityRoles()));
    }
}
