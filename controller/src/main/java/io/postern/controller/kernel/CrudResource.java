package io.postern.controller.kernel;

import io.postern.api.CreateEnvelope;
import io.postern.api.Envelope;
import io.postern.api.ListEnvelope;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;

/** The uniform management face of a kind. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public abstract class CrudResource<V> {
    private final CrudService<?, ?, V> service;

    protected CrudResource(CrudService<?, ?, V> service) {
        this.service = service;
    }

    @GET
    public Uni<ListEnvelope<V>> list(@BeanParam ListParameters list) {
        return service.list(list.query(), list.scope());
    }

    @POST
    @ResponseStatus(201)
    public Uni<CreateEnvelope> create(JsonBody body) {
        return service.create(body).map(id -> CreateEnvelope.of(service.kind().collection(), id));
    }

    @GET
    @Path("{id}")
    public Uni<Envelope<V>> get(@RestPath String id) {
        return service.get(id).map(Envelope::of);
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

    @DELETE
    @Path("{id}")
    public Uni<Envelope<Map<String, Object>>> delete(@RestPath String id) {
        return service.delete(id).map(done -> Envelope.empty());
    }
}
