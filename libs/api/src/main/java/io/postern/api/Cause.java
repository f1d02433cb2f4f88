package io.postern.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.jspecify.annotations.Nullable;

/** Why a request was refused: one field of it, or something told in a sentence. */
public sealed interface Cause {
    /** One sentence for logs and humans. */
    String sentence();

    /**
     * A field with a wrong value.
     *
     * @param field the JSON path as the caller wrote it, for example {@code data.port}
     * @param value the value found, null when the field is absent
     */
    record Field(
            String field,
            String reason,
            @JsonInclude(Include.ALWAYS) @Nullable Object value) implements Cause {
        @Override
        public String sentence() {
            return field + ": " + reason;
        }
    }

    /** Anything else, under a code of its own. */
    record Told(String code, String message) implements Cause {
        @Override
        public String sentence() {
            return message;
        }
    }
}
