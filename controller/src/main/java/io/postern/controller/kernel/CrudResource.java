package io.postern.controller.kernel;

import io.postern.api.CreateEnvelope;
import io.postern.api.Envelope;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
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
    @ResponseStatus(201)
    public Uni<CreateEnvelope> create(JsonBody body) {
        return service.create(body).map(id -> CreateEnvelope.of(service.kind().collection(), id));
    }

    @PUT
    @Path("{id}")
    public Uni<Envelope<Map<String, Object>>> replace(@RestPath String id, JsonBody body) {
        return service.replace(id, body).map(done -> Envelope.empty());
    }

    @PATCH
    @Path("{id}")
    public Uni<Envelope<Map<String, Object>>> patch(@RestPath String id, JsonBody body) {
        return service.patch(id, body).map(done -> Envelope.empty());
    }
}
