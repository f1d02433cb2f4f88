package io.postern.controller.policy;

import io.postern.controller.kernel.CrudResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/service-policies")
public class ServicePolicyResource extends CrudResource<ServicePolicyView> {
    ServicePolicyResource(ServicePolicies policies) {
        super(policies);
    }
}
