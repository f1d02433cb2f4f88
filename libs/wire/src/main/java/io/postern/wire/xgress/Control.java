package io.postern.wire.xgress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.MalformedFrame;
import java.util.Map;

/**
 * A probe along a Circuit and its answer. Content type 1102; the body is the kind and the Circuit's id.
 *
 * @param kind {@link #TRACE} or {@link #TRACE_RESPONSE}; others are kept as they are
 * @param headers as received: hop, hop type, hop id, timestamp, user value, error; see the constants
 */
public record Control(int kind, AsciiString circuitId, Map<Integer, byte[]> headers) implements XgressMessage {
    public static final int TRACE = 1;
    public static final int TRACE_RESPONSE = 2;

    // Headers, valid inside this message only.
    public static final int HOP_COUNT = 20;
    public static final int HOP_TYPE = 21;
    public static final int HOP_ID = 22;
    public static final int TIMESTAMP = 23;
    public static final int USER_VALUE = 24;
    public static final int ERROR = 25;

    /**
     * Reads, and leaves the frame to the caller.
     *
     * @throws MalformedFrame without a body
     */
    public static Control read(Frame frame) {
        if (frame.bodyLength() < 2) {
            throw new MalformedFrame("control with a body of " + frame.bodyLength() + " bytes");
        }
        ByteBuf body = frame.body();
        byte[] id = ByteBufUtil.getBytes(body, 1, body.readableBytes() - 1, true);
        return new Control(
                body.getUnsignedByte(0), new AsciiString(id, false), frame.headersBetween(HOP_COUNT, ERROR + 1));
    }

    @Override
    public FrameBuilder frame() {
        FrameBuilder frame = FrameBuilder.of(ContentType.XG_CONTROL);
        headers.forEach((id, value) -> frame.bytes(id, value));
        byte[] body = new byte[1 + circuitId.length()];
        body[0] = (byte) kind;
        System.arraycopy(circuitId.array(), circuitId.arrayOffset(), body, 1, circuitId.length());
        return frame.body(body);
    }
}
