package io.postern.controller.kernel;

import io.postern.api.Envelope;
import io.postern.api.ListEnvelope;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;

/** The management face of a kind that callers list, read and delete. */
public abstract class EntityResource<V> {
    private final CrudService<?, ?, V> service;

    protected EntityResource(CrudService<?, ?, V> service) {
        this.service = service;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<ListEnvelope<V>> list(@BeanParam ListParameters list) {
        Scope scope = service.kind().hasRoleAttributes() ? list.scope() : Scope.ALL;
        return service.list(list.query(), scope);
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Path("{id}")
    public Uni<Envelope<V>> get(@RestPath String id) {
        return service.get(id).map(Envelope::of);
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Path("{id}/{sublist}")
    public Uni<? extends ListEnvelope<?>> sublist(
            @RestPath String id, @RestPath String sublist, @BeanParam ListParameters list) {
        return service.sublist(id, sublist, list.query());
    }

    @DELETE
    @Produces(MediaType.APPLICATION_JSON)
    @Path("{id}")
    public Uni<Envelope<Map<String, Object>>> delete(@RestPath String id) {
        return service.delete(id).map(done -> Envelope.empty());
    }
}
