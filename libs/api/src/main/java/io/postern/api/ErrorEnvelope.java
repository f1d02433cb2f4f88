package io.postern.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.jspecify.annotations.Nullable;

/** The body of every refusal (SDK sheet 2.3). */
public record ErrorEnvelope(Body error, Versions meta) {
    /** What stock clients read: code, message, and a cause of either shape. */
    public record Body(
            String code,
            String message,
            String requestId,
            @JsonInclude(Include.NON_NULL) @Nullable Cause cause) {}

    public record Versions(String apiEnrollmentVersion, String apiVersion) {
        static final Versions STOCK = new Versions("0.0.1", "0.0.1");
    }

    public static ErrorEnvelope of(Refusal refusal, String requestId) {
        ErrorCode code = refusal.code();
        return new ErrorEnvelope(
                new Body(code.wireName(), code.message(), requestId, refusal.reason()), Versions.STOCK);
    }
}
