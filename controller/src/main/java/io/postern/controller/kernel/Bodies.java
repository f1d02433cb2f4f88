package io.postern.controller.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import jakarta.inject.Singleton;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads bodies as stock clients send them: whatever the content type says, and also none or {@code null}. */
@Singleton
public class Bodies {
    private final ObjectMapper json;

    Bodies(ObjectMapper json) {
        this.json = json;
    }

    /** Missing for an empty body and for {@code null}. */
    public JsonNode read(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            JsonNode node = json.readTree(body);
            if (node == null || node.isNull()) {
                return MissingNode.getInstance();
            }
            Nul.refuse(node);
            return node;
        } catch (JsonProcessingException e) {
            throw Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY, "the body is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY);
        }
    }

    /** As {@link #read}, and no list, number or text. */
    public JsonNode readObject(byte @Nullable [] body) {
        JsonNode node = read(body);
        if (!node.isMissingNode() && !node.isObject()) {
            throw Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY, "the body must be a JSON object");
        }
        return node;
    }

    /** The text of a field, or {@code absent} where it is not given; another kind of value is refused by the field's name. */
    public static String text(JsonNode body, String field, String absent) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isTextual()) {
            throw Refusal.field(ErrorCode.COULD_NOT_PARSE_BODY, field, "must be a string", null);
        }
        return value.textValue();
    }
}
