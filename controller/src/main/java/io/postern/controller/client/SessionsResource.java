package io.postern.controller.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.api.Envelope;
import io.postern.api.ListEnvelope;
import io.postern.api.Refusal;
import io.postern.controller.access.Caller;
import io.postern.controller.kernel.Bodies;
import io.postern.controller.kernel.ListParameters;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** The caller's Sessions: rights to dial or bind one service. */
@Path("/edge/client/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class SessionsResource {
    private final Caller caller;
    private final ClientSessions sessions;
    private final Bodies bodies;

    SessionsResource(Caller caller, ClientSessions sessions, Bodies bodies) {
        this.caller = caller;
        this.sessions = sessions;
        this.bodies = bodies;
    }

    @POST
    @ResponseStatus(201)
    public Uni<Envelope<SessionView>> create(byte @Nullable [] body) {
        JsonNode json = bodies.readObject(body);
        String type = Bodies.text(json, "type", "Dial");
        if (!type.equals("Dial") && !type.equals("Bind")) {
            throw Refusal.field("type", "type in body should be one of [Dial Bind]", type);
        }
        String serviceId = Bodies.text(json, "serviceId", "");
        if (serviceId.isEmpty()) {
            throw Refusal.field("serviceId", "serviceId in body is required", "");
        }
        return sessions.create(caller, serviceId, type).map(Envelope::of);
    }

    @GET
    public Uni<ListEnvelope<SessionView>> list(@BeanParam ListParameters list) {
        var paging = list.query().paging();
        return sessions.of(caller)
                .map(all -> ListEnvelope.of(
                        Pages.slice(all, paging), paging, all.size(), List.of("id", "serviceId", "type")));
    }

    @GET
    @Path("{id}")
    public Uni<Envelope<SessionView>> get(@RestPath String id) {
        return sessions.get(caller, id).map(Envelope::of);
    }

    @DELETE
    @Path("{id}")
    public Uni<Envelope<Map<String, Object>>> delete(@RestPath String id) {
        return sessions.delete(caller.apiSession(), id).map(done -> Envelope.empty());
    }
}
