package io.postern.wire.edge;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;

/** The host refused the connection. Content type 60789, client to router, reply to Dial; body is the reason. SDK sheet 5.5. */
public record DialFailed(int bindConnId, String reason) {
    /** @throws MalformedFrame without connection id */
    public static DialFailed read(Frame frame) {
        return new DialFailed(EdgeMessages.connId(frame), frame.bodyText());
    }

    public FrameBuilder frame() {
        return FrameBuilder.of(ContentType.DIAL_FAILED)
                .i32(Header.CONN_ID, bindConnId)
                .body(reason);
    }
}
