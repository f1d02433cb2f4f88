package io.postern.api;

import org.jspecify.annotations.Nullable;

/** A request that is understood and declined. An expected outcome: it carries no stack trace. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient @Nullable Cause reason;

    private Refusal(ErrorCode code, @Nullable Cause reason) {
        super(reason == null ? code.message() : reason.sentence(), null, false, false);
        this.code = code;
        this.reason = reason;
    }

    public static Refusal of(ErrorCode code) {
        return new Refusal(code, null);
    }

    /** With a sentence of particulars. It is sent to the caller, so it holds no secret. */
    public static Refusal of(ErrorCode code, String sentence) {
        return new Refusal(code, new Cause.Told(ErrorCode.UNHANDLED.name(), sentence));
    }

    /** With the field that is wrong. */
    public static Refusal field(ErrorCode code, String field, String reason, @Nullable Object value) {
        return new Refusal(code, new Cause.Field(field, reason, value));
    }

    /** The usual refusal of a wrong field: 400 {@code COULD_NOT_VALIDATE}. */
    public static Refusal field(String field, String reason, @Nullable Object value) {
        return field(ErrorCode.COULD_NOT_VALIDATE, field, reason, value);
    }

    public static Refusal notFound(String kind, String id) {
        return of(ErrorCode.NOT_FOUND, kind + " with id " + id + " not found");
    }

    public ErrorCode code() {
        return code;
    }

    /** The particulars, or null when the code says all. */
    public @Nullable Cause reason() {
        return reason;
    }
}
