package io.postern.controller.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Reads a body once, and says what is wrong with it in the stock terms. */
@Provider
public class JsonBodyReader implements ServerMessageBodyReader<Object> {
    private static final int MOST_ELEMENTS = 10_000;

    private final ObjectReader json;

    JsonBodyReader(ObjectMapper json) {
        this.json = json.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, ResteasyReactiveResourceInfo method, MediaType media) {
        return isOurs(type);
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return isOurs(type);
    }

    private static boolean isOurs(Class<?> type) {
        return type == JsonBody.class || type == JsonBodies.class;
    }

    @Override
    public Object readFrom(Class<Object> type, Type generic, MediaType media, ServerRequestContext context)
            throws IOException {
        return read(type, context.getInputStream());
    }

    @Override
    public Object readFrom(
            Class<Object> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, String> headers,
            InputStream in)
            throws IOException {
        return read(type, in);
    }

    private Object read(Class<?> type, InputStream in) throws IOException {
        byte[] bytes = in.readAllBytes();
        return type == JsonBodies.class ? bodies(bytes) : body(bytes);
    }

    private JsonBody body(byte[] bytes) throws IOException {
        JsonNode node = bytes.length == 0 ? null : tree(bytes);
        if (node == null || node.isMissingNode()) {
            throw Refusal.field("body", "body is required", "");
        }
        if (node.isNull()) {
            return new JsonBody(JsonNodeFactory.instance.objectNode());
        }
        if (!(node instanceof ObjectNode object)) {
            throw Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY, "the body must be a JSON object");
        }
        Nul.refuse(object);
        return new JsonBody(object);
    }

    private JsonBodies bodies(byte[] bytes) throws IOException {
        JsonNode node = bytes.length == 0 ? null : tree(bytes);
        if (node == null || node.isMissingNode() || node.isNull()) {
            return new JsonBodies(List.of());
        }
        if (!node.isArray() || node.size() > MOST_ELEMENTS) {
            throw Refusal.of(
                    ErrorCode.COULD_NOT_PARSE_BODY, "the body must be a JSON array of at most " + MOST_ELEMENTS);
        }
        Nul.refuse(node);
        List<JsonNode> elements = new ArrayList<>();
        node.forEach(elements::add);
        return new JsonBodies(elements);
    }

    private JsonNode tree(byte[] bytes) throws IOException {
        try {
            return json.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY, "the body is no JSON: " + e.getOriginalMessage());
        }
    }
}
