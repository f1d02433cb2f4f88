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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

/** A proxy asks what the users before it may do. */
@Path("/edge/client/v1/console-rights")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ConsoleRightsResource {
    private final Caller caller;
    private final Kernel kernel;
    private final ConsoleRights rights;

    ConsoleRightsResource(Caller caller, Kernel kernel, ConsoleRights rights) {
        this.caller = caller;
        this.kernel = kernel;
        this.rights = rights;
    }

    /**
     * A question.
     *
     * @param apiSessions ids
     * @param use true when consoles of these API Sessions are in use, which counts as use of the API Sessions
     */
    @Valid
    public record Question(
            @NotNull @Size(min = 1, max = 200) List<@NotBlank @Size(max = 64) String> apiSessions,
            @Nullable Boolean use) {}

    @POST
    @Operation(
            summary = "Rights on containers",
            description = "For a console proxy: what identities may do with containers of the hosts that the caller may"
                    + " dial. API Sessions that ended are missing from the answer. 403 when the caller may dial none.")
    public Uni<Envelope<ConsoleRights.Answer>> ask(
            @RequestBody(content = @Content(schema = @Schema(implementation = Question.class))) JsonBody body) {
        Question question = kernel.drafts().read(body, Question.class);
        return rights.of(caller.identityId(), question.apiSessions(), Boolean.TRUE.equals(question.use()), kernel.now())
                .map(Envelope::of);
    }
}
