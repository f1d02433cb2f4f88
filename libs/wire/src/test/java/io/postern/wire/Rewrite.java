package io.postern.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Map;

/** Reads a frame and writes it again from what was read. */
final class Rewrite {
    private Rewrite() {}

    static Frame read(byte[] bytes) {
        return Frame.take(Unpooled.wrappedBuffer(bytes));
    }

    static byte[] bytes(Frame frame) {
        FrameBuilder again = FrameBuilder.of(frame.contentType());
        for (Map.Entry<Integer, byte[]> header : frame.headers().entrySet()) {
            again.bytes(header.getKey(), header.getValue());
        }
        return bytes(again.body(frame.bodyBytes()), frame.sequence());
    }

    static byte[] bytes(FrameBuilder frame, int sequence) {
        ByteBuf whole = frame.encode(UnpooledByteBufAllocator.DEFAULT, sequence);
        byte[] bytes = ByteBufUtil.getBytes(whole);
        whole.release();
        return bytes;
    }

    static Frame sent(FrameBuilder frame) {
        return read(bytes(frame, 7));
    }
}
