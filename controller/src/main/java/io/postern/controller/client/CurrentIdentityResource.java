package io.postern.controller.client;

import io.postern.api.Envelope;
import io.postern.api.ListEnvelope;
import io.postern.api.Refusal;
import io.postern.controller.access.Caller;
import io.postern.controller.client.EdgeRouterViews.EdgeRouterView;
import io.postern.controller.kernel.ListParameters;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/** The caller's own identity. */
@Path("/edge/client/v1/current-identity")
@Produces(MediaType.APPLICATION_JSON)
public class CurrentIdentityResource {
    private final Caller caller;
    private final CurrentIdentity identity;
    private final Grants grants;
    private final EdgeRouterViews routers;

    CurrentIdentityResource(Caller caller, CurrentIdentity identity, Grants grants, EdgeRouterViews routers) {
        this.caller = caller;
        this.identity = identity;
        this.grants = grants;
        this.routers = routers;
    }

    @GET
    public Uni<Envelope<Map<String, Object>>> get() {
        return identity.view(caller.identityId()).map(Envelope::of);
    }

    @GET
    @Path("edge-routers")
    public Uni<ListEnvelope<EdgeRouterView>> edgeRouters(@BeanParam ListParameters list) {
        var paging = list.query().paging();
        return grants.routers(caller.identityId()).map(usable -> {
            List<EdgeRouterView> all = routers.entities(usable);
            return ListEnvelope.of(Pages.slice(all, paging), paging, all.size(), List.of("id", "name"));
        });
    }

    @GET
    @Path("mfa")
    public Uni<Envelope<Map<String, Object>>> mfa() {
        return Uni.createFrom().failure(Refusal.of(io.postern.api.ErrorCode.NOT_FOUND));
    }
}
