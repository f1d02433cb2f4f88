package io.postern.wire.edge;

import io.netty.buffer.ByteBuf;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a connection. Content type 60786, both ways. One Data is one write of the peer: it is never merged with another
 * and never split, because the first one of an encrypted connection must arrive as it was sent. Source: SDK sheet 5.6, 5.9.
 */
public final class Data {
    /** Flags of header 1010. */
    public static final int FIN = 1;

    public static final int TRACE_UUID = 2;
    public static final int MULTIPART = 4;
    public static final int STREAM = 8;
    public static final int MULTIPART_MESSAGE = 16;

    private Data() {}

    /** @throws MalformedFrame without connection id */
    public static int connId(Frame frame) {
        return EdgeMessages.connId(frame);
    }

    public static int flags(Frame frame) {
        return frame.i32(Header.FLAGS, 0);
    }

    /** Takes the body. No flags are no header. */
    public static FrameBuilder frame(int connId, int flags, byte @Nullable [] uuid, ByteBuf body) {
        FrameBuilder frame = FrameBuilder.of(ContentType.DATA).i32(Header.CONN_ID, connId);
        if (flags != 0) {
            frame.i32(Header.FLAGS, flags);
        }
        return frame.optional(Header.REFLECTED, uuid).body(body);
    }

    /** The other direction stays open: an empty body with the FIN flag, never encrypted. */
    public static FrameBuilder fin(int connId) {
        return FrameBuilder.of(ContentType.DATA).i32(Header.CONN_ID, connId).i32(Header.FLAGS, FIN);
    }
}
