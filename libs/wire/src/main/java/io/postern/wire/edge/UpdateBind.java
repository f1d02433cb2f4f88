package io.postern.wire.edge;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import org.jspecify.annotations.Nullable;

/**
 * Changes what a terminator costs. Content type 60794, client to router, no answer; body is the bind token.
 * Source: SDK sheet 5.5.
 *
 * @param cost absent: as it was
 * @param precedence absent: as it was
 */
public record UpdateBind(
        int connId,
        String sessionToken,
        @Nullable Integer cost,
        @Nullable Precedence precedence) {
    /** @throws MalformedFrame without connection id */
    public static UpdateBind read(Frame frame) {
        return new UpdateBind(
                EdgeMessages.connId(frame),
                frame.bodyText(),
                frame.has(Header.COST) ? frame.i32(Header.COST, 0) : null,
                frame.has(Header.PRECEDENCE) ? Precedence.of(frame.i32(Header.PRECEDENCE, 0)) : null);
    }

    public FrameBuilder frame() {
        FrameBuilder frame = FrameBuilder.of(ContentType.UPDATE_BIND).i32(Header.CONN_ID, connId);
        if (cost != null) {
            frame.u16(Header.COST, cost);
        }
        if (precedence != null) {
            frame.u8(Header.PRECEDENCE, precedence.ordinal());
        }
        return frame.body(sessionToken);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "UpdateBind connId=" + Integer.toUnsignedString(connId);
    }
}
