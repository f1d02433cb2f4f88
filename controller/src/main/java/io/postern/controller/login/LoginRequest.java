package io.postern.controller.login;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The body of authenticate; every field may be missing, and the body too. */
public record LoginRequest(
        String username, String password, List<String> configTypes, JsonObject sdkInfo, JsonObject envInfo) {
    private static final int MOST_CONFIG_TYPES = 256;

    public static LoginRequest of(JsonNode body) {
        var types = new ArrayList<String>();
        for (JsonNode type : body.path("configTypes")) {
            if (type.isTextual() && types.size() < MOST_CONFIG_TYPES) {
                types.add(type.textValue());
            }
        }
        return new LoginRequest(
                body.path("username").asText(""),
                body.path("password").asText(""),
                types,
                object(body.path("sdkInfo")),
                object(body.path("envInfo")));
    }

    private static JsonObject object(JsonNode node) {
        return node.isObject() ? new JsonObject(node.toString()) : new JsonObject();
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return "login of " + username;
    }
}
