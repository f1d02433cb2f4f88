package io.postern.controller.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.api.Envelope;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.kernel.Bodies;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** What clients say of their posture. There are no posture checks yet: it is read, and nothing depends on it. */
@Path("/edge/client/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class PostureResource {
    private static final Set<String> TYPES =
            Set.of("OS", "DOMAIN", "MAC", "PROCESS", "PROCESS_MULTI", "MFA", "ENDPOINT_STATE");

    private final Bodies bodies;

    PostureResource(Bodies bodies) {
        this.bodies = bodies;
    }

    /** Services that a response changed. */
    public record PostureAnswer(List<Object> services) {}

    @POST
    @Path("posture-response")
    @ResponseStatus(201)
    public Envelope<PostureAnswer> one(byte @Nullable [] body) {
        check(bodies.read(body));
        return Envelope.of(new PostureAnswer(List.of()));
    }

    @POST
    @Path("posture-response-bulk")
    @ResponseStatus(201)
    public Envelope<PostureAnswer> many(byte @Nullable [] body) {
        bodies.read(body).forEach(PostureResource::check);
        return Envelope.of(new PostureAnswer(List.of()));
    }

    private static void check(JsonNode response) {
        String type = response.path("typeId").asText("");
        if (!TYPES.contains(type)) {
            throw Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY, "invalid typeId value: \"" + type + "\"");
        }
    }
}
