package io.postern.controller.authpolicy;

import io.postern.controller.kernel.EntityResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/auth-policies")
public class AuthPolicyResource extends EntityResource<AuthPolicyView> {
    AuthPolicyResource(AuthPolicies policies) {
        super(policies);
    }
}
