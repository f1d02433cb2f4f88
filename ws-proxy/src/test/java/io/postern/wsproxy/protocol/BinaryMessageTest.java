package io.postern.wsproxy.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinaryMessageTest {
    /** Each size where the head changes its form, read by a decoder of another maker. */
    @ParameterizedTest
    @CsvSource({"0,-1", "0,1", "1,-1", "124,1", "125,-1", "125,2", "126,-1", "65534,1", "65535,-1", "65535,1", "65536,1"
    })
    void isOneFrameThatSaysTheSame(int size, int channel) {
        byte[] payload = new byte[size];
        for (int i = 0; i < size; i++) {
            payload[i] = (byte) (i * 31);
        }
        ByteBuf given = Unpooled.copiedBuffer(payload);
        ByteBuf frame = BinaryMessage.frame(ByteBufAllocator.DEFAULT, channel, given);
        assertEquals(size == 0 ? given.refCnt() : 0, given.refCnt());
        var reader = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(false)
                .maxFramePayloadLength(65_537)
                .build()));
        reader.writeInbound(frame);
        BinaryWebSocketFrame read = reader.readInbound();
        ByteBuf content = read.content();
        if (channel >= 0) {
            assertEquals(channel, content.readUnsignedByte());
        }
        assertArrayEquals(payload, ByteBufUtil.getBytes(content));
        read.release();
        assertEquals(0, reader.inboundMessages().size());
        reader.finishAndReleaseAll();
    }
}
