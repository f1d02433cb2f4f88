package io.postern.wire.xgress;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;

/**
 * One numbered piece of a Circuit's stream. Content type 1100; the body is one Data body, never split or merged.
 *
 * @param sequence counts from 0 per direction; start, data and end all take a number
 * @param flags {@link XgressFlags}
 * @param rtt low 16 bits of the sender's millisecond clock when it was sent, 0 meaning none
 * @param body owned by the record: whoever holds the payload last releases it
 */
public record Payload(AsciiString circuitId, long sequence, int flags, int rtt, PayloadHeaders headers, ByteBuf body)
        implements XgressMessage {

    /**
     * Takes the frame: the body is a slice of its buffer and now owns it.
     *
     * @throws MalformedFrame without Circuit or sequence; the frame is then still the caller's
     */
    public static Payload take(Frame frame) {
        AsciiString circuitId = frame.ascii(Header.XGRESS_CIRCUIT_ID);
        long sequence = frame.u64(Header.XGRESS_SEQUENCE, -1);
        if (circuitId == null) {
            throw new MalformedFrame("payload without circuit id");
        }
        if (sequence < 0) {
            throw new MalformedFrame("payload without a valid sequence");
        }
        return new Payload(
                circuitId,
                sequence,
                frame.i32(Header.XGRESS_FLAGS, 0),
                frame.i32(Header.XGRESS_RTT, 0) & 0xFFFF,
                PayloadHeaders.read(frame),
                frame.body());
    }

    @Override
    public FrameBuilder frame() {
        FrameBuilder frame = FrameBuilder.of(ContentType.XG_PAYLOAD)
                .bytes(Header.XGRESS_CIRCUIT_ID, circuitId.toByteArray())
                .u64(Header.XGRESS_SEQUENCE, sequence);
        if (flags != 0) {
            frame.i32(Header.XGRESS_FLAGS, flags);
        }
        frame.u16(Header.XGRESS_RTT, rtt);
        headers.write(frame);
        return frame.body(body);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public void release() {
        body.release();
    }

    @Override
    public String toString() {
        return "payload circuitId=" + circuitId + " sequence=" + sequence + " flags=" + flags + " bytes="
                + body.readableBytes();
    }
}
