package io.postern.controller.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.postern.api.Refusal;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds config data against the schema of its type. */
@Singleton
public class ConfigSchemas {
    private final ObjectMapper json = new ObjectMapper();
    /** Schemas name no remote documents: references are resolved within one schema only. */
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V7,
            builder -> builder.schemaLoaders(loaders -> loaders.values(all -> all.clear())));

    private final JsonSchema metaSchema =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(SchemaLocation.of(SchemaId.V7));

    private final SchemaValidatorsConfig options = SchemaValidatorsConfig.builder()
            .pathType(PathType.LEGACY)
            .failFast(false)
            .build();

    /** Refuses what is no schema. */
    void check(@Nullable Map<String, Object> schema) {
        if (schema != null) {
            compile(schema);
        }
    }

    /** Refuses data that the schema does not admit, naming the path in it. */
    void validate(@Nullable Map<String, Object> schema, Map<String, Object> data) {
        if (schema == null || schema.isEmpty()) {
            return;
        }
        JsonNode tree = json.valueToTree(data);
        compile(schema).validate(tree).stream()
                .min(Comparator.comparing(
                        message -> message.getInstanceLocation().toString()))
                .ifPresent(message -> {
                    throw refusal(message);
                });
    }

    private JsonSchema compile(Map<String, Object> schema) {
        JsonNode tree = json.valueToTree(schema);
        metaSchema.validate(tree).stream().findFirst().ifPresent(message -> {
            throw Refusal.field("schema", "must be a JSON schema: " + message.getMessage(), null);
        });
        try {
            JsonSchema compiled = factory.getSchema(tree, options);
            compiled.initializeValidators();
            return compiled;
        } catch (JsonSchemaException | IllegalArgumentException e) {
            throw Refusal.field("schema", "must be a JSON schema: " + e.getMessage(), null);
        }
    }

    /** {@code $.portRanges[0].high} becomes {@code data.portRanges[0].high}. */
    private static Refusal refusal(ValidationMessage message) {
        String path = "data" + message.getInstanceLocation().toString().substring(1);
        String missing = message.getProperty();
        String field = missing == null || !"required".equals(message.getType()) ? path : path + "." + missing;
        String reason = message.getMessage().replaceFirst("^\\$[^:]*: ", "");
        return Refusal.field(field, reason, null);
    }
}
