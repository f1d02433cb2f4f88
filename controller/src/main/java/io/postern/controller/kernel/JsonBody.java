package io.postern.controller.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.api.Cause;
import io.postern.api.Refusal;
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

    /** Adds the value that the refused field has here, when the refusal does not tell one. */
    Refusal told(Refusal refusal) {
        if (refusal.reason() instanceof Cause.Field(String field, String reason, Object value)
                && value == null
                && fields.path(field).isValueNode()) {
            return Refusal.field(
                    refusal.code(), field, reason, fields.get(field).asText());
        }
        return refusal;
    }
}
