package io.postern.wire.xgress;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;

/**
 * Says which payloads have arrived, each by its own number. Content type 1101; none at all is a window update.
 *
 * @param flags {@link XgressFlags#ORIGINATOR} when sent by the terminating side
 * @param receiveBuffer bytes now waiting in the receiver, 0 meaning empty; -1 when not said
 * @param rtt stamp of an acknowledged payload, 0 meaning none
 * @param sequences big-endian i32 on the wire, alone among the integers
 */
public record Acknowledgement(AsciiString circuitId, int flags, int receiveBuffer, int rtt, int[] sequences)
        implements XgressMessage {
    private static final int MOST = 16_384;

    /**
     * Reads, and leaves the frame to the caller.
     *
     * @throws MalformedFrame without Circuit, with a torn sequence, or with more than 16384 sequences
     */
    public static Acknowledgement read(Frame frame) {
        AsciiString circuitId = frame.ascii(Header.XGRESS_CIRCUIT_ID);
        if (circuitId == null) {
            throw new MalformedFrame("acknowledgement without circuit id");
        }
        int length = frame.bodyLength();
        if (length % 4 != 0 || length > 4 * MOST) {
            throw new MalformedFrame("acknowledgement with a body of " + length + " bytes");
        }
        ByteBuf body = frame.body();
        int[] sequences = new int[length / 4];
        for (int i = 0; i < sequences.length; i++) {
            sequences[i] = body.getInt(4 * i);
        }
        return new Acknowledgement(
                circuitId,
                frame.i32(Header.XGRESS_FLAGS, 0),
                frame.i32(Header.XGRESS_RECV_BUFFER_SIZE, -1),
                frame.i32(Header.XGRESS_RTT, 0) & 0xFFFF,
                sequences);
    }

    @Override
    public FrameBuilder frame() {
        FrameBuilder frame = FrameBuilder.of(ContentType.XG_ACKNOWLEDGEMENT)
                .bytes(Header.XGRESS_CIRCUIT_ID, circuitId.toByteArray());
        if (flags != 0) {
            frame.i32(Header.XGRESS_FLAGS, flags);
        }
        if (receiveBuffer >= 0) {
            frame.i32(Header.XGRESS_RECV_BUFFER_SIZE, receiveBuffer);
        }
        frame.u16(Header.XGRESS_RTT, rtt);
        byte[] body = new byte[4 * sequences.length];
        for (int i = 0; i < sequences.length; i++) {
            int sequence = sequences[i];
            body[4 * i] = (byte) (sequence >>> 24);
            body[4 * i + 1] = (byte) (sequence >>> 16);
            body[4 * i + 2] = (byte) (sequence >>> 8);
            body[4 * i + 3] = (byte) sequence;
        }
        return frame.body(body);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public String toString() {
        return "acknowledgement circuitId=" + circuitId + " flags=" + flags + " count=" + sequences.length
                + " receiveBuffer=" + receiveBuffer;
    }
}
