package io.postern.controller.relation;

import io.postern.api.ListEnvelope;
import io.postern.api.Paging;
import io.postern.controller.kernel.Kernel;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The role attributes in use, by kind. */
@Path("/edge/management/v1")
@Produces(MediaType.APPLICATION_JSON)
public class RoleAttributeResource {
    private static final List<String> FIELDS = List.of("id");

    private final Kernel kernel;

    RoleAttributeResource(Kernel kernel) {
        this.kernel = kernel;
    }

    @GET
    @Path("identity-role-attributes")
    public Uni<ListEnvelope<String>> identities() {
        return inUse("identity");
    }

    @GET
    @Path("edge-router-role-attributes")
    public Uni<ListEnvelope<String>> edgeRouters() {
        return inUse("edge_router");
    }

    @GET
    @Path("service-role-attributes")
    public Uni<ListEnvelope<String>> services() {
        return inUse("service");
    }

    @GET
    @Path("posture-check-role-attributes")
    public ListEnvelope<String> postureChecks() {
        return ListEnvelope.of(List.of(), Paging.ALL, 0, FIELDS);
    }

    private Uni<ListEnvelope<String>> inUse(String table) {
        String sql = "select distinct a from " + table + " e, unnest(e.role_attributes) a order by a limit "
                + Paging.MOST_ROWS;
        return kernel.read(session -> session.createNativeQuery(sql, String.class)
                .getResultList()
                .map(found -> ListEnvelope.of(found, Paging.ALL, found.size(), FIELDS)));
    }
}
