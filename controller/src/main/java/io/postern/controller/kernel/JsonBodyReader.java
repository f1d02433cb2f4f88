package io.postern.controller.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Map;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Reads a body once, and says what is wrong with it in the stock terms. */
@Provider
public class JsonBodyReader implements ServerMessageBodyReader<JsonBody> {
    private final ObjectReader json;

    JsonBodyReader(ObjectMapper json) {
        this.json = json.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, ResteasyReactiveResourceInfo method, MediaType media) {
        return type == JsonBody.class;
    }

    @Override
    public JsonBody readFrom(Class<JsonBody> type, Type generic, MediaType media, ServerRequestContext context)
            throws IOException {
        return parse(context.getInputStream().readAllBytes());
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return type == JsonBody.class;
    }

    @Override
    public JsonBody readFrom(
            Class<JsonBody> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, String> headers,
            InputStream in)
            throws IOException {
        return parse(in.readAllBytes());
    }

    JsonBody parse(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            throw Refusal.field("body", "body is required", "");
        }
        JsonNode node;
        try {
            node = json.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY, "the body is no JSON: " + e.getOriginalMessage());
        }
        if (node == null || node.isMissingNode()) {
            throw Refusal.field("body", "body is required", "");
        }
        if (node.isNull()) {
            return new JsonBody(((ObjectMapper) json.getFactory().getCodec()).createObjectNode());
        }
        if (!(node instanceof ObjectNode object)) {
            throw Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY, "the body must be a JSON object");
        }
        refuseNul("", object);
        return new JsonBody(object);
    }

    /** The database stores no NUL in a text. */
    private static void refuseNul(String path, JsonNode node) {
        if (node.isTextual() && node.textValue().indexOf('\0') >= 0) {
            throw Refusal.field(path, "must not hold the character NUL", null);
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String inner = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
            if (member.getKey().indexOf('\0') >= 0) {
                throw Refusal.field(path, "must not hold the character NUL", null);
            }
            refuseNul(inner, member.getValue());
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                refuseNul(path + "[" + i + "]", node.get(i));
            }
        }
    }
}
