package io.postern.controller.relation;

import io.postern.api.ErrorCode;
import io.postern.api.ListEnvelope;
import io.postern.api.Refusal;
import io.postern.api.filter.ListQuery;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.Scope;
import io.postern.controller.kernel.Sublists;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The lists below one entity, as {@link Sublist} declares them. */
@Singleton
public class AllSublists implements Sublists {
    private final Kernel kernel;
    private final Map<String, CrudService<?, ?, ?>> services = new HashMap<>();

    AllSublists(Kernel kernel, @All List<CrudService<?, ?, ?>> services) {
        this.kernel = kernel;
        services.forEach(service -> this.services.put(service.kind().collection(), service));
    }

    @Override
    public Uni<? extends ListEnvelope<?>> list(String collection, String id, String name, ListQuery query) {
        Sublist list = Sublist.ALL.stream()
                .filter(each ->
                        each.collection().equals(collection) && each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.of(ErrorCode.NOT_FOUND, "there is no such list"));
        CrudService<?, ?, ?> children = services.get(list.name());
        return exists(list, id).chain(() -> children.list(query, Scope.of(list.sql(), id)));
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
