package io.postern.controller.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.avaje.validation.ConstraintViolation;
import io.avaje.validation.Validator;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import jakarta.inject.Singleton;
import jakarta.validation.Valid;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns JSON into drafts. A wrong value is refused by the name of its field; an unknown field is passed over. What a draft's
 * constraints are is compiled into a class beside it, for those that are marked {@link Valid}.
 */
@Singleton
public class Drafts {
    private final ObjectMapper json;
    private final Validator validator = Validator.builder().build();

    Drafts() {
        this.json = strict();
    }

    /** No silent conversions: {@code 5} is no text and {@code "x"} no truth. */
    private static ObjectMapper strict() {
        JsonMapper mapper = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(DeserializationFeature.READ_DATE_TIMESTAMPS_AS_NANOSECONDS)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(com.fasterxml.jackson.databind.SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build();
        mapper.coercionConfigFor(LogicalType.Textual)
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
        return mapper;
    }

    /** Reads and validates a whole draft. */
    public <D> D read(JsonBody body, Class<D> type) {
        return read(body.fields(), type);
    }

    /** Reads and validates each element. */
    public <D> List<D> readAll(JsonBodies bodies, Class<D> type) {
        return bodies.elements().stream().map(element -> read(element, type)).toList();
    }

    /** A PUT: the body, with what is {@code kept} taken over from the current draft when left out. */
    <D> D replace(D current, JsonBody body, Class<D> type, Set<String> kept) {
        ObjectNode whole = body.fields().deepCopy();
        JsonNode before = json.valueToTree(current);
        kept.forEach(field -> {
            if (!whole.hasNonNull(field)) {
                whole.set(field, before.get(field));
            }
        });
        return read(whole, type);
    }

    /** A PATCH: RFC 7396 on the current draft, one level deep, so that it reaches only what a caller may write. */
    <D> D merge(D current, JsonBody body, Class<D> type) {
        ObjectNode whole = json.valueToTree(current);
        body.fields().properties().forEach(field -> whole.set(field.getKey(), field.getValue()));
        return read(whole, type);
    }

    private <D> D read(JsonNode tree, Class<D> type) {
        D draft;
        try {
            draft = json.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw refusal(e);
        }
        if (type.isAnnotationPresent(Valid.class)) {
            validator.check(draft, Locale.ENGLISH).stream()
                    .min(Comparator.comparing(ConstraintViolation::path))
                    .ifPresent(violation -> {
                        throw Refusal.field(violation.path(), violation.message(), plain(tree, violation.path()));
                    });
        }
        return draft;
    }

    /** What the caller wrote at a path such as {@code enrollment.updb}; null where that is no plain value. */
    private static @Nullable Object plain(JsonNode tree, String path) {
        JsonNode found = tree.at("/" + path.replace('.', '/').replace('[', '/').replace("]", ""));
        return found.isNumber() ? found.numberValue() : found.isBoolean() ? found.booleanValue() : found.textValue();
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    private static Refusal refusal(JsonProcessingException e) {
        if (e instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
            String known = Arrays.stream(format.getTargetType().getEnumConstants())
                    .map(Object::toString)
                    .collect(Collectors.joining(" "));
            return Refusal.field(path(format.getPath()), "must be one of [" + known + "]", plain(format.getValue()));
        }
        if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            String wanted = e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
                    ? "must be " + word(mismatch.getTargetType())
                    : "is not valid";
            return Refusal.field(ErrorCode.COULD_NOT_PARSE_BODY, path(mapping.getPath()), wanted, null);
        }
        return Refusal.of(ErrorCode.COULD_NOT_PARSE_BODY, "the body does not fit");
    }

    private static String path(List<JsonMappingException.Reference> references) {
        var path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    private static String word(Class<?> type) {
        if (type == String.class) {
            return "a string";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a whole number";
        }
        if (java.util.Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        return type == java.time.Instant.class ? "an RFC 3339 time" : "an object";
    }
}
