package io.postern.wsproxy.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.postern.wsproxy.hub.Viewer.Stream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private final List<Integer> sizes = new ArrayList<>();
    private final List<Stream> streams = new ArrayList<>();
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final Messages messages = new Messages((stream, bytes) -> {
        sizes.add(bytes.readableBytes());
        streams.add(stream);
        all.writeBytes(ByteBufUtil.getBytes(bytes));
        bytes.release();
    });

    @Test
    void manyPartsMakeFullMessagesWithEveryByteInItsOrder() {
        Random random = new Random(7);
        byte[] wanted = new byte[1_000_000];
        random.nextBytes(wanted);
        List<ByteBuf> given = new ArrayList<>();
        for (int at = 0; at < wanted.length; ) {
            int some = Math.min(wanted.length - at, 1 + random.nextInt(random.nextBoolean() ? 50 : 200_000));
            ByteBuf part = Unpooled.copiedBuffer(wanted, at, some);
            given.add(part);
            messages.add(Stream.OUT, part);
            at += some;
        }
        messages.emit();
        assertArrayEquals(wanted, all.toByteArray());
        sizes.subList(0, sizes.size() - 1).forEach(size -> assertEquals(Protocol.PAYLOAD, size));
        given.forEach(part -> assertEquals(0, part.refCnt()));
    }

    @Test
    void noMessageHoldsBytesOfTwoStreams() {
        for (int i = 0; i < 4; i++) {
            messages.add(i % 2 == 0 ? Stream.OUT : Stream.ERR, Unpooled.copiedBuffer(new byte[] {(byte) i}));
        }
        messages.emit();
        messages.emit();
        assertEquals(List.of(Stream.OUT, Stream.ERR, Stream.OUT, Stream.ERR), streams);
        assertArrayEquals(new byte[] {0, 1, 2, 3}, all.toByteArray());
    }

    @Test
    void aFullMessageFillsWholeRecordsOfTls() {
        ByteBuf frame =
                BinaryMessage.frame(ByteBufAllocator.DEFAULT, 1, Unpooled.wrappedBuffer(new byte[Protocol.PAYLOAD]));
        assertEquals(4 * 16_384, frame.readableBytes());
        frame.release();
    }

    @Test
    void whatIsDroppedIsGivenBack() {
        ByteBuf part = Unpooled.copiedBuffer(new byte[10]);
        messages.add(Stream.OUT, part);
        messages.drop();
        messages.emit();
        assertEquals(0, part.refCnt());
        assertEquals(List.of(), sizes);
    }
}
