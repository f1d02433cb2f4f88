package io.postern.controller.service;

import io.postern.api.ListEnvelope;
import io.postern.controller.kernel.CrudResource;
import io.postern.controller.kernel.ListParameters;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/services")
public class ServiceResource extends CrudResource<ServiceView> {
    private final Services services;

    ServiceResource(Services services) {
        super(services);
        this.services = services;
    }

    /** As an administrator sees them, or as one identity does. */
    @Override
    public Uni<ListEnvelope<ServiceView>> list(ListParameters list) {
        String identity = list.asIdentity;
        return identity == null || identity.isBlank()
                ? super.list(list)
                : services.visibleTo(identity, list.query(), list.scope(), list.configTypes());
    }
}
