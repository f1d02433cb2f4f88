package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/** A controller's answer that is an error. SDK sheet 2.3. */
public final class ApiRefusal extends IOException {
    private final int status;
    private final String code;
    private final transient JsonNode cause;

    private ApiRefusal(int status, String code, String text, JsonNode cause) {
        super(text);
        this.status = status;
        this.code = code;
        this.cause = cause;
    }

    /** Reads an error envelope, or the bare error that some paths answer with; anything else keeps its status only. */
    static ApiRefusal of(int status, JsonNode body) {
        JsonNode error = body.path("error").isObject() ? body.path("error") : body;
        String code = error.path("code").asText("HTTP_" + status);
        JsonNode cause = error.path("cause");
        StringBuilder text = new StringBuilder(code);
        String message = error.path("message").asText("the controller answered with HTTP status " + status);
        text.append(": ").append(message);
        if (cause.has("field")) {
            text.append(message.endsWith(".") ? "" : ".")
                    .append(" Field ")
                    .append(cause.path("field").asText())
                    .append(": ");
            text.append(cause.path("reason").asText());
        } else if (!cause.path("message").asText("").isEmpty()) {
            text.append(" (").append(cause.path("message").asText()).append(')');
        } else if (cause.isTextual()) {
            text.append(" (").append(cause.asText()).append(')');
        }
        return new ApiRefusal(status, code, text.toString(), cause);
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** The error code, such as {@code NOT_FOUND}; {@code HTTP_502} where the answer had none. */
    public String code() {
        return code;
    }

    /** The wrong field, if the error is about one. */
    public Optional<String> field() {
        return cause.has("field") ? Optional.of(cause.path("field").asText()) : Optional.empty();
    }

    /** What is wrong with the field, in the controller's words, if the error is about one. */
    public Optional<String> reason() {
        return cause.has("reason") ? Optional.of(cause.path("reason").asText()) : Optional.empty();
    }

    /** Is it that the caller is not, or no longer, who may ask? */
    public boolean unauthorized() {
        return status == 401;
    }
}
