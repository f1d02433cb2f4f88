package io.postern.controller.policy;

import io.postern.controller.kernel.CrudResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/service-edge-router-policies")
public class ServiceEdgeRouterPolicyResource extends CrudResource<ServiceEdgeRouterPolicyView> {
    ServiceEdgeRouterPolicyResource(ServiceEdgeRouterPolicies policies) {
        super(policies);
    }
}
