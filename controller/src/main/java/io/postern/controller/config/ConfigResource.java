package io.postern.controller.config;

import io.postern.controller.kernel.CrudResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/configs")
public class ConfigResource extends CrudResource<ConfigView> {
    ConfigResource(Configs configs) {
        super(configs);
    }
}
