package io.postern.controller.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The JSON array that a caller sent; empty when there was no body. */
@Schema(type = SchemaType.ARRAY)
public final class JsonBodies {
    private final List<JsonNode> elements;

    JsonBodies(List<JsonNode> elements) {
        this.elements = elements;
    }

    List<JsonNode> elements() {
        return elements;
    }
}
