package io.postern.controller.authpolicy;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.NoDraft;
import jakarta.inject.Singleton;

/** The authentication policies there are. Stock tools look {@code default} up before they make an identity. */
@Singleton
public class AuthPolicies extends CrudService<AuthPolicyRow, NoDraft, AuthPolicyView> {
    AuthPolicies(Kernel kernel) {
        super(AuthPolicyRow.KIND, kernel);
    }

    @Override
    protected AuthPolicyView view(Found<AuthPolicyRow> found) {
        return found.row().view();
    }
}
