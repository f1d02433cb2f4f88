package io.postern.controller.config;

import io.postern.controller.kernel.CrudResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/config-types")
public class ConfigTypeResource extends CrudResource<ConfigTypeView> {
    ConfigTypeResource(ConfigTypes types) {
        super(types);
    }
}
