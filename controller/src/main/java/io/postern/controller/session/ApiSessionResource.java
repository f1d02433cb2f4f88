package io.postern.controller.session;

import io.postern.controller.kernel.EntityResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/api-sessions")
public class ApiSessionResource extends EntityResource<ApiSessionView> {
    ApiSessionResource(OpenApiSessions sessions) {
        super(sessions);
    }
}
