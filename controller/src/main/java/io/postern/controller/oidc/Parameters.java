package io.postern.controller.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request says, wherever it says it: stock clients put the same words into the query, a form or JSON (SDK sheet 3.3).
 * The body wins over the query.
 */
final class Parameters {
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST = 512;

    private final Map<String, List<String>> all = new LinkedHashMap<>();
    private int count;

    private Parameters() {}

    /** @throws OidcRefusal when it is more than a login needs, or no form */
    static Parameters of(HttpServerRequest request, byte @Nullable [] body, @Nullable JsonNode json) {
        var parameters = new Parameters();
        if (json instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (field.getValue().isTextual()) {
                    parameters.put(field.getKey(), field.getValue().textValue());
                }
            });
        } else if (body != null && body.length > 0) {
            if (body.length > MOST_BYTES) {
                throw OidcRefusal.invalidRequest("the form is too long");
            }
            parameters.form(new String(body, StandardCharsets.UTF_8));
        }
        String query = request.query();
        if (query != null) {
            var asked = new Parameters();
            asked.form(query);
            asked.all.forEach(parameters.all::putIfAbsent);
        }
        return parameters;
    }

    private void form(String text) {
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                put(
                        decoded(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
    }

    private void put(String name, String value) {
        if (++count > MOST) {
            throw OidcRefusal.invalidRequest("there are too many parameters");
        }
        all.computeIfAbsent(name, unseen -> new ArrayList<>()).add(value);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw OidcRefusal.invalidRequest("a parameter is not percent-encoded");
        }
    }

    /** The first value; empty when there is none. */
    String get(String name) {
        List<String> values = all.get(name);
        return values == null ? "" : values.getFirst();
    }

    List<String> every(String name) {
        return all.getOrDefault(name, List.of());
    }

    /** A login as the Go SDK flattens it into a form, in the words of the JSON body. */
    JsonObject login() {
        return new JsonObject()
                .put("username", get("username"))
                .put("password", get("password"))
                .put("configTypes", new JsonArray(new ArrayList<>(every("configTypes"))))
                .put("envInfo", picked("env", "Arch", "Os", "OsRelease", "OsVersion", "Domain", "Hostname"))
                .put("sdkInfo", picked("sdk", "AppID", "AppVersion", "Branch", "Revision", "Type", "Version"));
    }

    private JsonObject picked(String prefix, String... names) {
        var picked = new JsonObject();
        for (String name : names) {
            String value = get(prefix + name);
            if (!value.isEmpty()) {
                String field =
                        name.equals("AppID") ? "appId" : Character.toLowerCase(name.charAt(0)) + name.substring(1);
                picked.put(field, value);
            }
        }
        return picked;
    }

    /** Shows no value: some are secrets. */
    @Override
    public String toString() {
        return "parameters " + all.keySet();
    }
}
