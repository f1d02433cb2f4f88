package io.postern.controller.client;

import io.postern.api.ListEnvelope;
import io.postern.api.Paging;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** External identity providers: none yet; clients ask before they authenticate. */
@Path("/edge/client/v1/external-jwt-signers")
@Produces(MediaType.APPLICATION_JSON)
public class SignersResource {
    @GET
    public ListEnvelope<Object> list() {
        return ListEnvelope.of(List.of(), Paging.FIRST, 0, List.of());
    }
}
