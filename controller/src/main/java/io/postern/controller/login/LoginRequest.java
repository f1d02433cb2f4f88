package io.postern.controller.login;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.kernel.Bodies;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The body of authenticate; every field may be missing, and the body too. What is there is of its kind, or is refused by name. */
public record LoginRequest(
        String username, String password, List<String> configTypes, JsonObject sdkInfo, JsonObject envInfo) {
    private static final int MOST_CONFIG_TYPES = 256;

    public static LoginRequest of(JsonNode body) {
        return new LoginRequest(
                Bodies.text(body, "username", ""),
                Bodies.text(body, "password", ""),
                configTypes(body.path("configTypes")),
                object(body, "sdkInfo"),
                object(body, "envInfo"));
    }

    private static List<String> configTypes(JsonNode given) {
        var types = new ArrayList<String>();
        if (!given.isMissingNode() && !given.isNull() && !given.isArray()) {
            throw wrong("configTypes", "must be an array");
        }
        for (JsonNode type : given) {
            if (!type.isTextual()) {
                throw wrong("configTypes[" + types.size() + "]", "must be a string");
            }
            if (types.size() == MOST_CONFIG_TYPES) {
                throw wrong("configTypes", "must hold at most " + MOST_CONFIG_TYPES);
            }
            types.add(type.textValue());
        }
        return types;
    }

    private static JsonObject object(JsonNode body, String field) {
        JsonNode given = body.path(field);
        if (given.isMissingNode() || given.isNull()) {
            return new JsonObject();
        }
        if (!given.isObject()) {
            throw wrong(field, "must be an object");
        }
        return new JsonObject(given.toString());
    }

    private static Refusal wrong(String field, String why) {
        return Refusal.field(ErrorCode.COULD_NOT_PARSE_BODY, field, why, null);
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return "login of " + username;
    }
}
