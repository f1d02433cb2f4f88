package io.postern.controller.identity;

import io.postern.api.Envelope;
import io.postern.controller.kernel.CrudResource;
import io.postern.controller.kernel.JsonBody;
import io.postern.controller.kernel.Kernel;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

@Path("/edge/management/v1/identities")
public class IdentityResource extends CrudResource<IdentityView> {
    /** @param durationMinutes 0 or absent for ever */
    @Valid
    public record Disable(@Min(0) @Max(5_256_000) @Nullable Long durationMinutes) {}

    private final Identities identities;
    private final Kernel kernel;

    IdentityResource(Identities identities, Kernel kernel) {
        super(identities);
        this.identities = identities;
        this.kernel = kernel;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Path("{id}/disable")
    public Uni<Envelope<Map<String, Object>>> disable(@RestPath String id, JsonBody body) {
        Long minutes = kernel.drafts().read(body, Disable.class).durationMinutes();
        return identities.disable(id, Objects.requireNonNullElse(minutes, 0L)).map(done -> Envelope.empty());
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("{id}/enable")
    public Uni<Envelope<Map<String, Object>>> enable(@RestPath String id) {
        return identities.enable(id).map(done -> Envelope.empty());
    }
}
