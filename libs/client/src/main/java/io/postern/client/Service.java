package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A service that this identity may use.
 *
 * @param permissions {@code Dial}, {@code Bind}
 * @param config its configs by the name of their type
 */
public record Service(String id, String name, boolean encryptionRequired, List<String> permissions, JsonNode config) {
    public Service {
        permissions = List.copyOf(permissions);
    }

    static Service of(JsonNode data) {
        List<String> permissions = new ArrayList<>();
        data.path("permissions").forEach(permission -> permissions.add(permission.asText()));
        return new Service(
                data.path("id").asText(),
                data.path("name").asText(),
                data.path("encryptionRequired").asBoolean(),
                permissions,
                data.path("config"));
    }
}
