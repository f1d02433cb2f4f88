package io.postern.wire.edge;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import org.jspecify.annotations.Nullable;

/**
 * The host took the connection. Content type 60788, client to router, reply to Dial; body is the new connection id,
 * u32 little-endian. Source: SDK sheet 5.5.
 *
 * @param bindConnId the connection id of the Bind
 * @param newConnId the one the router gave, or the host's own
 * @param publicKey of this one connection, instead of the Bind's
 */
public record DialSuccess(int bindConnId, int newConnId, byte @Nullable [] publicKey) {
    /** @throws MalformedFrame without connection id, or with a body that is not four bytes */
    public static DialSuccess read(Frame frame) {
        if (frame.bodyLength() != 4) {
            throw new MalformedFrame("DialSuccess with a body of " + frame.bodyLength() + " bytes");
        }
        return new DialSuccess(EdgeMessages.connId(frame), frame.body().readIntLE(), frame.bytes(Header.PUBLIC_KEY));
    }

    public FrameBuilder frame() {
        return FrameBuilder.of(ContentType.DIAL_SUCCESS)
                .i32(Header.CONN_ID, bindConnId)
                .optional(Header.PUBLIC_KEY, publicKey)
                .body(new byte[] {
                    (byte) newConnId, (byte) (newConnId >>> 8), (byte) (newConnId >>> 16), (byte) (newConnId >>> 24)
                });
    }
}
