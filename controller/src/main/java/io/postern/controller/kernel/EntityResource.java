package io.postern.controller.kernel;

import io.postern.api.Envelope;
import io.postern.api.ListEnvelope;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;

/** The management face of a kind that callers list, read and delete. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public abstract class EntityResource<V> {
    private final CrudService<?, ?, V> service;

    protected EntityResource(CrudService<?, ?, V> service) {
        this.service = service;
    }

    @GET
    public Uni<ListEnvelope<V>> list(@BeanParam ListParameters list) {
        return service.list(list.query(), list.scope());
    }

    @GET
    @Path("{id}")
    public Uni<Envelope<V>> get(@RestPath String id) {
        return service.get(id).map(Envelope::of);
    }

    @DELETE
    @Path("{id}")
    @Consumes(MediaType.WILDCARD)
    public Uni<Envelope<Map<String, Object>>> delete(@RestPath String id) {
        return service.delete(id).map(done -> Envelope.empty());
    }
}
