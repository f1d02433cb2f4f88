package io.postern.controller.policy;

import io.postern.controller.kernel.CrudResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/edge-router-policies")
public class EdgeRouterPolicyResource extends CrudResource<EdgeRouterPolicyView> {
    EdgeRouterPolicyResource(EdgeRouterPolicies policies) {
        super(policies);
    }
}
