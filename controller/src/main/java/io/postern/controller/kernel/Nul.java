package io.postern.controller.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.api.Refusal;
import java.util.Map;

/** The character that the database stores in no text. */
final class Nul {
    private Nul() {}

    /** Refuses a body with NUL in a text or a name, by the field that holds it. */
    static void refuse(JsonNode body) {
        refuse("", body);
    }

    private static void refuse(String path, JsonNode node) {
        if (node.isTextual() && isIn(node.textValue())) {
            throw refusal(path);
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (isIn(member.getKey())) {
                throw refusal(path);
            }
            refuse(path.isEmpty() ? member.getKey() : path + "." + member.getKey(), member.getValue());
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                refuse(path + "[" + i + "]", node.get(i));
            }
        }
    }

    private static boolean isIn(String text) {
        return text.indexOf('\0') >= 0;
    }

    private static Refusal refusal(String path) {
        return Refusal.field(path, "must not hold the character NUL", null);
    }
}
