package io.postern.controller.relation;

import io.postern.api.ErrorCode;
import io.postern.api.ListEnvelope;
import io.postern.api.Refusal;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.ListParameters;
import io.postern.controller.kernel.Scope;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;

/** The lists below one entity, as {@link Sublist} declares them. */
@Path("/edge/management/v1/{collection}/{id}/{sublist}")
@Produces(MediaType.APPLICATION_JSON)
public class SublistResource {
    private final Kernel kernel;
    private final Map<String, CrudService<?, ?, ?>> services = new HashMap<>();

    SublistResource(Kernel kernel, @All List<CrudService<?, ?, ?>> services) {
        this.kernel = kernel;
        services.forEach(service -> this.services.put(service.kind().collection(), service));
    }

    @GET
    public Uni<? extends ListEnvelope<?>> list(
            @RestPath String collection,
            @RestPath String id,
            @RestPath String sublist,
            @BeanParam ListParameters parameters) {
        Sublist list = Sublist.ALL.stream()
                .filter(each ->
                        each.collection().equals(collection) && each.name().equals(sublist))
                .findFirst()
                .orElseThrow(() -> Refusal.of(ErrorCode.NOT_FOUND, "there is no such list"));
        var children = services.get(list.name());
        return exists(list, id).chain(() -> children.list(parameters.query(), Scope.of(list.sql(), id)));
    }

    private Uni<Void> exists(Sublist list, String id) {
        return kernel.read(session -> session.createNativeQuery(
                                "select exists (select from " + list.table() + " where id = ?1)", Boolean.class)
                        .setParameter(1, id)
                        .getSingleResult())
                .invoke(exists -> {
                    if (!exists) {
                        throw Refusal.notFound(list.collection(), id);
                    }
                })
                .replaceWithVoid();
    }
}
