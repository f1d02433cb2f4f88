package io.postern.controller.session;

import io.postern.controller.kernel.EntityResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/sessions")
public class SessionResource extends EntityResource<SessionView> {
    SessionResource(OpenSessions sessions) {
        super(sessions);
    }
}
