package io.postern.controller.authpolicy;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.NoDraft;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** The authentication policies there are. Stock tools look {@code default} up before they make an identity. */
@Singleton
public class AuthPolicies extends CrudService<AuthPolicyRow, NoDraft, AuthPolicyView> {
    AuthPolicies(Kernel kernel) {
        super(AuthPolicyRow.KIND, kernel);
    }

    @Override
    protected Uni<List<AuthPolicyView>> views(Mutiny.Session session, List<AuthPolicyRow> rows) {
        return Uni.createFrom().item(rows.stream().map(AuthPolicyRow::view).toList());
    }
}
