package io.postern.controller.console;

import io.postern.api.Envelope;
import io.postern.controller.access.Caller;
import io.postern.controller.kernel.JsonBody;
import io.postern.controller.kernel.Kernel;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.ResponseStatus;

/** A proxy makes tickets for its users, and takes them. A ticket stands in bodies only, never in a URL of this API. */
@Path("/edge/client/v1/console-tickets")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ConsoleTicketsResource {
    private final Caller caller;
    private final Kernel kernel;
    private final ConsoleProxies proxies;
    private final ConsoleTickets tickets;

    ConsoleTicketsResource(Caller caller, Kernel kernel, ConsoleProxies proxies, ConsoleTickets tickets) {
        this.caller = caller;
        this.kernel = kernel;
        this.proxies = proxies;
        this.tickets = tickets;
    }

    /**
     * What a ticket is made for.
     *
     * @param purpose a text of the proxy's own making, given back when the ticket is taken
     */
    @Valid
    public record Wanted(
            @NotBlank @Size(max = 64) String apiSessionId,
            @NotBlank @Size(max = 16_384) String purpose,
            @NotNull Instant tokenExpiresAt) {}

    /** A ticket that somebody showed. */
    @Valid
    public record Shown(@NotBlank @Size(max = 64) String ticket) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Make a ticket",
            description = "For a console proxy: good once and for a minute, for an API Session of one of its users.")
    public Uni<Envelope<ConsoleTickets.Issued>> issue(
            @RequestBody(content = @Content(schema = @Schema(implementation = Wanted.class))) JsonBody body) {
        Wanted wanted = kernel.drafts().read(body, Wanted.class);
        return proxies.hosts(caller.identityId(), kernel.now())
                .chain(() -> tickets.issue(wanted.apiSessionId(), wanted.purpose(), wanted.tokenExpiresAt()))
                .map(Envelope::of);
    }

    @POST
    @Path("taken")
    @Operation(
            summary = "Take a ticket",
            description =
                    "For any console proxy. The ticket is worth nothing from then on. 404 whatever is wrong with it.")
    public Uni<Envelope<ConsoleTickets.Taken>> take(
            @RequestBody(content = @Content(schema = @Schema(implementation = Shown.class))) JsonBody body) {
        Shown shown = kernel.drafts().read(body, Shown.class);
        return proxies.hosts(caller.identityId(), kernel.now())
                .chain(() -> tickets.take(shown.ticket()))
                .map(Envelope::of);
    }
}
