package io.postern.controller.console;

import io.postern.api.Envelope;
import io.postern.controller.access.Caller;
import io.postern.controller.kernel.JsonBodies;
import io.postern.controller.kernel.Kernel;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.ResponseStatus;

/** A proxy reports what happened at its consoles. */
@Path("/edge/client/v1/console-events")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ReportedEventsResource {
    private final Caller caller;
    private final Kernel kernel;
    private final ConsoleProxies proxies;
    private final ReportedEvents events;

    ReportedEventsResource(Caller caller, Kernel kernel, ConsoleProxies proxies, ReportedEvents events) {
        this.caller = caller;
        this.kernel = kernel;
        this.proxies = proxies;
        this.events = events;
    }

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Report console events",
            description = "For a console proxy, and for one that was one within the last day: at most 500 events, taken"
                    + " all or none. An event whose id is known already is passed over.")
    public Uni<Envelope<ReportedEvents.Taken>> report(
            @RequestBody(
                            content =
                                    @Content(
                                            schema =
                                                    @Schema(
                                                            type = SchemaType.ARRAY,
                                                            implementation = ConsoleEventDraft.class)))
                    JsonBodies bodies) {
        List<ConsoleEventDraft> drafts = kernel.drafts().readAll(bodies, ConsoleEventDraft.class);
        return proxies.admitReports(caller.identityId(), kernel.now())
                .chain(() -> events.take(caller.apiSession(), drafts))
                .map(Envelope::of);
    }
}
