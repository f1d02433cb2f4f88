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
            return node == null || node.isNull() ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            throw Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY, "the body is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY);
        }
    }
}
