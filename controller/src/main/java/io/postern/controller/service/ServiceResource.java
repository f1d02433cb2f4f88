package io.postern.controller.service;

import io.postern.controller.kernel.CrudResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/services")
public class ServiceResource extends CrudResource<ServiceView> {
    ServiceResource(Services services) {
        super(services);
    }
}
