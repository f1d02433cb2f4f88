package io.postern.controller.config;

import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.Stored;
import io.vertx.core.json.JsonObject;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "config_type")
class ConfigTypeRow extends Stored {
    static final Kind<ConfigTypeRow, ConfigTypeDraft> KIND = new Kind<>(
            "configType",
            "config-types",
            "config_type",
            ConfigTypeRow.class,
            ConfigTypeDraft.class,
            ConfigTypeRow::new,
            ConfigTypeRow::write,
            ConfigTypeRow::draft,
            Map.of(
                    "name", Field.text("name"),
                    "target", Field.text("target"),
                    "schema", Field.of(Field.Type.TEXT, "cast(e.schema as text)")),
            Set.of("target"),
            List.of());

    String name = "";

    @Nullable
    JsonObject schema;

    String target = "service";

    private void write(ConfigTypeDraft draft) {
        name = draft.name();
        schema = draft.schema() == null ? null : new JsonObject(draft.schema());
        target = Objects.requireNonNullElse(draft.target(), "service");
        tags(Objects.requireNonNullElse(draft.tags(), Map.of()));
    }

    private ConfigTypeDraft draft() {
        return new ConfigTypeDraft(name, schema == null ? null : schema.getMap(), target, tags());
    }

    ConfigTypeView view() {
        return new ConfigTypeView(KIND.base(this), name, schema == null ? null : schema.getMap(), target);
    }
}
