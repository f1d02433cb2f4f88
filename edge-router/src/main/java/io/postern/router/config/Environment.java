package io.postern.router.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts values of the environment where a config's texts say <code>${NAME}</code>, so that many routers share one file. */
final class Environment {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private final Map<String, String> values;

    Environment(Map<String, String> values) {
        this.values = values;
    }

    /** @throws InvalidConfig names the key and the variable that is not set */
    JsonNode expanded(JsonNode tree) {
        return expanded("", tree);
    }

    private JsonNode expanded(String path, JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                object.properties()
                        .forEach(entry -> entry.setValue(expanded(
                                path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue())));
                yield object;
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, expanded(path + "[" + i + "]", array.get(i)));
                }
                yield array;
            }
            case TextNode text -> new TextNode(expanded(path, text.textValue()));
            default -> node;
        };
    }

    private String expanded(String path, String text) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String value = values.get(found.group(1));
            if (value == null) {
                throw new InvalidConfig(
                        path + " names the environment variable " + found.group(1) + ", which is not set");
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
