package io.postern.controller.authenticator;

import io.postern.api.Envelope;
import io.postern.controller.kernel.CrudResource;
import io.postern.controller.kernel.JsonBody;
import io.postern.controller.kernel.Kernel;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

@Path("/edge/management/v1/authenticators")
public class AuthenticatorResource extends CrudResource<AuthenticatorView> {
    /** The body of a request to extend. */
    public record Extend(@Nullable Boolean rollKeys) {}

    private final Authenticators authenticators;
    private final Kernel kernel;

    AuthenticatorResource(Authenticators authenticators, Kernel kernel) {
        super(authenticators);
        this.authenticators = authenticators;
        this.kernel = kernel;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Path("{id}/request-extend")
    public Uni<Envelope<Map<String, Object>>> requestExtend(@RestPath String id, JsonBody body) {
        Extend extend = kernel.drafts().read(body, Extend.class);
        return authenticators
                .requestExtend(id, Boolean.TRUE.equals(extend.rollKeys()))
                .map(done -> Envelope.empty());
    }
}
