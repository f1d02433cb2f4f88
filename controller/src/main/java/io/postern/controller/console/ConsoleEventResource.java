package io.postern.controller.console;

import io.postern.controller.kernel.EntityResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/console-events")
public class ConsoleEventResource extends EntityResource<ConsoleEventView> {
    ConsoleEventResource(ConsoleEvents events) {
        super(events);
    }
}
