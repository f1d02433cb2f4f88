package io.postern.controller.relation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.postern.api.Link;
import io.postern.api.ListEnvelope;
import io.postern.api.Paging;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The two types of identities. */
@Path("/edge/management/v1/identity-types")
@Produces(MediaType.APPLICATION_JSON)
public class IdentityTypeResource {
    public record Type(
            String id,
            String name,
            Instant createdAt,
            Instant updatedAt,
            Map<String, Object> tags,
            @JsonProperty("_links") Map<String, Link> links) {
        static Type of(String id) {
            return new Type(id, id, Instant.EPOCH, Instant.EPOCH, Map.of(), Link.self("identity-types", id));
        }
    }

    @GET
    public ListEnvelope<Type> list() {
        return ListEnvelope.of(List.of(Type.of("Default"), Type.of("Router")), Paging.FIRST, 2, List.of("id", "name"));
    }
}
