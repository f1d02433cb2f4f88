package io.postern.wire.ctrl;

import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.RetryHint;
import org.jspecify.annotations.Nullable;

/**
 * The controller's no to an edge request. Content type 20002, as a reply; body is the reason for people.
 * Source: fabric sheet 1.3, samples 03c.
 *
 * @param circuitId of the attempt, if one had been given out
 */
public record CircuitRefused(
        EdgeError code,
        String reason,
        RetryHint hint,
        @Nullable String circuitId) {
    public static CircuitRefused read(Frame frame) {
        return new CircuitRefused(
                EdgeError.of(frame.i32(Header.ERROR_CODE, 1)),
                frame.bodyText(),
                RetryHint.of(frame.i32(Header.ERROR_RETRY_HINT, 0)),
                frame.string(Header.CIRCUIT_ID));
    }

    public FrameBuilder reply(Frame request) {
        return FrameBuilder.reply(ContentType.ERROR, request)
                .i32(Header.ERROR_CODE, code.number())
                .i32(Header.ERROR_RETRY_HINT, hint.number())
                .optional(Header.CIRCUIT_ID, circuitId)
                .body(reason);
    }
}
