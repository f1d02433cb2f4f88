package io.postern.controller.config;

import io.postern.api.Refusal;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Configs. Data must fit the type's schema; a type never changes; a config in use stays. */
@Singleton
public class Configs extends CrudService<ConfigRow, ConfigDraft, ConfigView> {
    private final ConfigSchemas schemas;

    Configs(Kernel kernel, ConfigSchemas schemas) {
        super(ConfigRow.KIND, kernel);
        this.schemas = schemas;
    }

    @Override
    protected List<String> extras() {
        return List.of("(select x.name from config_type x where x.id = e.config_type_id)");
    }

    @Override
    protected ConfigView view(Found<ConfigRow> found) {
        return found.row().view(found.text(0));
    }

    @Override
    protected Uni<Void> admit(Work work, String id, ConfigDraft draft, @Nullable ConfigDraft before) {
        if (before != null && !before.configTypeId().equals(draft.configTypeId())) {
            throw Refusal.field("configTypeId", "configTypeId cannot be changed", draft.configTypeId());
        }
        return work.session()
                .find(ConfigTypeRow.class, draft.configTypeId(), org.hibernate.LockMode.PESSIMISTIC_READ)
                .invoke(type -> {
                    if (type == null) {
                        throw Refusal.field("configTypeId", "configTypeId must name what exists", draft.configTypeId());
                    }
                    schemas.validate(type.schema == null ? null : type.schema.getMap(), draft.data());
                })
                .replaceWithVoid();
    }

    @Override
    protected Uni<Void> removing(Work work, ConfigRow row) {
        String used = "select (select count(*) from service where configs @> cast(array[?1] as text[]))"
                + " + (select count(*) from identity_service_config where config_id = ?1)";
        return References.refuseInUse(work, row.id(), used, "services or identities");
    }
}
