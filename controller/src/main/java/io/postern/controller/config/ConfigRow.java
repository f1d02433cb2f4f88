package io.postern.controller.config;

import io.postern.api.EntityRef;
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

@Entity
@Table(name = "config")
class ConfigRow extends Stored {
    static final Kind<ConfigRow, ConfigDraft> KIND = new Kind<>(
            "config",
            "configs",
            "config",
            ConfigRow.class,
            ConfigDraft.class,
            ConfigRow::new,
            ConfigRow::write,
            ConfigRow::draft,
            Map.of("name", Field.text("name"), "type", Field.text("config_type_id")),
            Set.of("configTypeId"),
            List.of());

    String name = "";
    String configTypeId = "";
    JsonObject data = new JsonObject();

    private void write(ConfigDraft draft) {
        name = draft.name();
        configTypeId = draft.configTypeId();
        data = new JsonObject(draft.data());
        tags(Objects.requireNonNullElse(draft.tags(), Map.of()));
    }

    private ConfigDraft draft() {
        return new ConfigDraft(name, configTypeId, data.getMap(), tags());
    }

    ConfigView view(String typeName) {
        return new ConfigView(
                KIND.base(this),
                name,
                configTypeId,
                EntityRef.of("config-types", configTypeId, typeName),
                data.getMap());
    }
}
