package io.postern.controller.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The JSON object that a caller sent, not yet held against a draft. {@code null} and {@code {}} are the same. */
@Schema(type = SchemaType.OBJECT)
public final class JsonBody {
    private final ObjectNode fields;

    JsonBody(ObjectNode fields) {
        this.fields = fields;
    }

    ObjectNode fields() {
        return fields;
    }
}
