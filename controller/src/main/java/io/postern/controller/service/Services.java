package io.postern.controller.service;

import io.postern.api.ListEnvelope;
import io.postern.api.Refusal;
import io.postern.api.filter.ListQuery;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Scope;
import io.postern.controller.kernel.Work;
import io.postern.controller.policy.Roles;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Services. Their configs exist, and are of different types. */
@Singleton
public class Services extends CrudService<ServiceRow, ServiceDraft, ServiceView> {
    Services(Kernel kernel) {
        super(ServiceRow.KIND, kernel);
    }

    @Override
    protected ServiceView view(Found<ServiceRow> found) {
        return found.row().view(List.of(), Map.of(), List.of());
    }

    @Override
    protected Uni<Void> admit(Work work, String id, ServiceDraft draft, @Nullable ServiceDraft before) {
        List<String> configs = draft.configs();
        if (configs == null || configs.isEmpty()) {
            return done();
        }
        return References.require(work, "config", "configs", configs).chain(() -> distinctTypes(work, configs));
    }

    /**
     * The services that an identity may dial or bind, with its permissions and the configs of the types it asks for
     * ({@code all} for every one): the service's own, or those assigned to the identity instead.
     */
    public Uni<ListEnvelope<ServiceView>> visibleTo(
            String identityId, ListQuery query, Scope scope, List<String> configTypes) {
        List<Object> values = new ArrayList<>(scope.values());
        values.add(identityId);
        Scope visible = new Scope(scope.sql() + " and " + SeenByIdentity.VISIBLE, values);
        return list(query, visible, (reads, rows) -> SeenByIdentity.read(reads, identityId, configTypes, rows));
    }

    @Override
    protected Uni<Void> removing(Work work, ServiceRow row) {
        return Roles.forgetService(work, row.id());
    }

    private static Uni<Void> distinctTypes(Work work, List<String> configs) {
        List<String> distinct = List.copyOf(Set.copyOf(configs));
        String sql = "select config_type_id from config where id in (" + References.marks(distinct.size()) + ")";
        return References.bound(work.session().createNativeQuery(sql, String.class), distinct)
                .getResultList()
                .invoke(types -> {
                    if (distinct.size() < configs.size() || new HashSet<>(types).size() < types.size()) {
                        throw Refusal.field("configs", "configs must be of different types", String.join(" ", configs));
                    }
                })
                .replaceWithVoid();
    }
}
