package io.postern.wire.edge;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import io.postern.wire.StructuredError;
import org.jspecify.annotations.Nullable;

/**
 * A connection or bind has ended, or never came to be. Content type 60785, both ways; body is the reason for people.
 *
 * <p>A reason that is empty or begins with {@code Invalid Session} makes the C client throw its session away, so any other
 * refusal says something else. Source: SDK sheet 5.4, 5.6.
 *
 * @param error written as headers 1033 and 1014; never read
 */
public record StateClosed(
        int connId,
        String reason,
        @Nullable String circuitId,
        @Nullable StructuredError error) {
    public static StateClosed of(int connId, String reason) {
        return new StateClosed(connId, reason, null, null);
    }

    public static StateClosed of(int connId, StructuredError error) {
        return new StateClosed(connId, error.message(), null, error);
    }

    /** @throws MalformedFrame without connection id */
    public static StateClosed read(Frame frame) {
        return new StateClosed(EdgeMessages.connId(frame), frame.bodyText(), frame.string(Header.CIRCUIT_ID), null);
    }

    public FrameBuilder frame() {
        FrameBuilder frame = FrameBuilder.of(ContentType.STATE_CLOSED)
                .i32(Header.CONN_ID, connId)
                .optional(Header.CIRCUIT_ID, circuitId);
        if (error != null) {
            frame.bytes(Header.STRUCTURED_ERROR, error.json())
                    .i32(Header.ERROR_CODE, error.code().number());
        }
        return frame.body(reason);
    }
}
