package io.postern.controller.kernel;

import io.postern.api.CreateEnvelope;
import io.postern.api.Envelope;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;

/** The uniform management face of a kind that callers create and change. */
public abstract class CrudResource<V> extends EntityResource<V> {
    private final CrudService<?, ?, V> service;

    protected CrudResource(CrudService<?, ?, V> service) {
        super(service);
        this.service = service;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    public Uni<CreateEnvelope> create(JsonBody body) {
        return service.create(body).map(id -> CreateEnvelope.of(service.kind().collection(), id));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Path("{id}")
    public Uni<Envelope<Map<String, Object>>> replace(@RestPath String id, JsonBody body) {
        return service.replace(id, body).map(done -> Envelope.empty());
    }

    @PATCH
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Path("{id}")
    public Uni<Envelope<Map<String, Object>>> patch(@RestPath String id, JsonBody body) {
        return service.patch(id, body).map(done -> Envelope.empty());
    }
}
