package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A binary message to a client as one frame (RFC 6455, 5.2) in one direct buffer. Frames made of several buffers would be
 * copied once more for TLS, and each of their small parts on its own way through the pipeline.
 */
final class BinaryMessage {
    static final int NO_CHANNEL = -1;

    /** A whole frame of {@link Protocol#PAYLOAD} bytes. */
    static final int LONGEST = 64 * 1024;

    /** Of such a frame. */
    static final int HEAD = 4;

    private static final int WHOLE_BINARY = 0x82;
    private static final int SHORT = 125;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int LONGEST_HEAD = 11;

    private BinaryMessage() {}

    /** @param channel first byte of the message, or {@link #NO_CHANNEL} @param payload is released */
    static ByteBuf frame(ByteBufAllocator allocator, int channel, ByteBuf payload) {
        int length = payload.readableBytes() + (channel == NO_CHANNEL ? 0 : 1);
        ByteBuf frame = allocator.directBuffer(LONGEST_HEAD + payload.readableBytes());
        frame.writeByte(WHOLE_BINARY);
        if (length <= SHORT) {
            frame.writeByte(length);
        } else if (length <= 0xFFFF) {
            frame.writeByte(LENGTH_16).writeShort(length);
        } else {
            frame.writeByte(LENGTH_64).writeLong(length);
        }
        if (channel != NO_CHANNEL) {
            frame.writeByte(channel);
        }
        try {
            return frame.writeBytes(payload);
        } finally {
            payload.release();
        }
    }
}
