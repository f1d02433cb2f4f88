package io.postern.controller.config;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Config types. A schema must be one, and a type in use stays. */
@Singleton
public class ConfigTypes extends CrudService<ConfigTypeRow, ConfigTypeDraft, ConfigTypeView> {
    private final ConfigSchemas schemas;

    ConfigTypes(Kernel kernel, ConfigSchemas schemas) {
        super(ConfigTypeRow.KIND, kernel);
        this.schemas = schemas;
    }

    @Override
    protected ConfigTypeView view(Found<ConfigTypeRow> found) {
        return found.row().view();
    }

    @Override
    protected Uni<Void> admit(Work work, String id, ConfigTypeDraft draft, @Nullable ConfigTypeDraft before) {
        schemas.check(draft.schema());
        return done();
    }

    @Override
    protected Uni<Void> removing(Work work, ConfigTypeRow row) {
        return References.refuseInUse(
                work, row.id(), "select count(*) from config where config_type_id = ?1", "configs");
    }
}
