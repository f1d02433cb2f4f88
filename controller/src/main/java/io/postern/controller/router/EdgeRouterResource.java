package io.postern.controller.router;

import io.postern.api.Envelope;
import io.postern.controller.kernel.CrudResource;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;

@Path("/edge/management/v1/edge-routers")
public class EdgeRouterResource extends CrudResource<EdgeRouterView> {
    private final EdgeRouters routers;

    EdgeRouterResource(EdgeRouters routers) {
        super(routers);
        this.routers = routers;
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("{id}/re-enroll")
    public Uni<Envelope<Map<String, Object>>> reEnroll(@RestPath String id) {
        return routers.reEnroll(id).map(done -> Envelope.empty());
    }
}
