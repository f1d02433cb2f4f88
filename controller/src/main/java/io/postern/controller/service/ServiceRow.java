package io.postern.controller.service;

import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.RoleAttributes;
import io.postern.controller.kernel.Stored;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

@Entity
@Table(name = "service")
class ServiceRow extends Stored {
    private static final String DEFAULT_STRATEGY = "smartrouting";

    static final Kind<ServiceRow, ServiceDraft> KIND = new Kind<>(
            "service",
            "services",
            "service",
            ServiceRow.class,
            ServiceDraft.class,
            ServiceRow::new,
            ServiceRow::write,
            ServiceRow::draft,
            Map.of(
                    "name", Field.text("name"),
                    "terminatorStrategy", Field.text("terminator_strategy"),
                    "encryptionRequired", Field.bool("encryption_required"),
                    "maxIdleTimeMillis", Field.number("max_idle_time_millis"),
                    "isFabricOnly", Field.of(Field.Type.BOOL, "false"),
                    "configs", Field.set("configs"),
                    "roleAttributes", Field.set("role_attributes")),
            Set.of(),
            List.of("configs", "service-edge-router-policies", "service-policies", "terminators"));

    String name = "";
    String terminatorStrategy = DEFAULT_STRATEGY;
    boolean encryptionRequired = true;
    String[] roleAttributes = {};
    String[] configs = {};
    long maxIdleTimeMillis;

    private void write(ServiceDraft draft) {
        name = draft.name();
        String strategy = draft.terminatorStrategy();
        terminatorStrategy = strategy == null || strategy.isEmpty() ? DEFAULT_STRATEGY : strategy;
        encryptionRequired = Objects.requireNonNullElse(draft.encryptionRequired(), true);
        roleAttributes = RoleAttributes.of(draft.roleAttributes());
        configs = new LinkedHashSet<>(Objects.requireNonNullElse(draft.configs(), List.of())).toArray(String[]::new);
        maxIdleTimeMillis = Objects.requireNonNullElse(draft.maxIdleTimeMillis(), 0L);
        tags(Objects.requireNonNullElse(draft.tags(), Map.of()));
    }

    private ServiceDraft draft() {
        return new ServiceDraft(
                name,
                terminatorStrategy,
                encryptionRequired,
                List.of(roleAttributes),
                List.of(configs),
                maxIdleTimeMillis,
                tags());
    }

    ServiceView view(List<String> permissions, Map<String, Object> config, List<Object> postureQueries) {
        return new ServiceView(
                KIND.base(this),
                name,
                terminatorStrategy,
                encryptionRequired,
                List.of(roleAttributes),
                List.of(configs),
                config,
                maxIdleTimeMillis,
                permissions,
                postureQueries);
    }
}
