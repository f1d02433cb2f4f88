package io.postern.wsproxy.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.postern.wsproxy.engine.Output;
import io.postern.wsproxy.hub.OutputRing.Chunk;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputRingTest {
    private static OutputRing ring(int capacity) {
        return new OutputRing(new UnpooledByteBufAllocator(false, true), capacity);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static String read(OutputRing ring, long from) {
        StringBuilder all = new StringBuilder();
        for (Chunk chunk = ring.read(from, 10); chunk != null; chunk = ring.read(from, 10)) {
            assertEquals(from, chunk.position());
            from += chunk.bytes().readableBytes();
            all.append(chunk.bytes().toString(StandardCharsets.ISO_8859_1));
            chunk.bytes().release();
        }
        return all.toString();
    }

    @Test
    void outputsKeepTheirOrderAndTheirKind() {
        OutputRing ring = ring(1_000);
        ring.append(Output.OUT, bytes("one"));
        ring.append(Output.ERR, bytes("two"));
        ring.append(Output.OUT, bytes("three"));
        assertEquals("onetwothree", read(ring, 0));
        assertEquals("twothree", read(ring, 3));
        Chunk chunk = ring.read(4, 100);
        assertNotNull(chunk);
        assertEquals(Output.ERR, chunk.from());
        assertEquals("wo", chunk.bytes().toString(StandardCharsets.ISO_8859_1));
        assertNull(ring.read(11, 100));
    }

    @Test
    void whateverIsInItIsTheEndOfWhatWasPut() {
        Random random = new Random(5);
        for (int capacity : new int[] {200, 5_000, 300_000}) {
            OutputRing ring = ring(capacity);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 400; i++) {
                byte[] some = new byte[random.nextInt(random.nextInt(20) == 0 ? 100_000 : 200)];
                random.nextBytes(some);
                all.writeBytes(some);
                Output from = random.nextInt(10) == 0 ? Output.ERR : Output.OUT;
                if (random.nextBoolean()) {
                    ring.adopt(from, Unpooled.copiedBuffer(some));
                } else {
                    ring.append(from, Unpooled.copiedBuffer(some));
                }
                assertEquals(all.size(), ring.end());
                assertTrue(ring.weightFrom(ring.start()) <= capacity + 100_000 + 64);
            }
            byte[] expected = Arrays.copyOfRange(all.toByteArray(), (int) ring.start(), all.size());
            assertEquals(new String(expected, StandardCharsets.ISO_8859_1), read(ring, ring.start()));
            assertNull(ring.read(ring.start() - 1, 10));
        }
    }

    @Test
    void whatIsKeptForItsOwnerIsNotForgotten() {
        OutputRing ring = ring(100);
        ring.append(Output.OUT, bytes("a".repeat(64)));
        ring.keepFrom(64);
        for (int i = 0; i < 100; i++) {
            ring.append(i % 2 == 0 ? Output.ERR : Output.OUT, bytes("b"));
        }
        assertEquals("b".repeat(100), read(ring, 64));
        ring.keepFrom(164);
        ring.append(Output.OUT, bytes("c"));
        assertTrue(ring.start() > 100);
    }

    @Test
    void whatIsAdoptedIsKeptAsItIsAndGivenBack() {
        OutputRing ring = ring(100_000);
        ByteBuf read = Unpooled.copiedBuffer("-".repeat(8) + "x".repeat(60_000), StandardCharsets.ISO_8859_1);
        ring.adopt(Output.OUT, read.skipBytes(8).readRetainedSlice(30_000));
        ring.adopt(Output.OUT, read);
        assertEquals(2, read.refCnt());
        assertEquals("x".repeat(60_000), read(ring, 0));
        ring.append(Output.OUT, bytes("y".repeat(150_000)));
        assertEquals(0, read.refCnt());
        assertEquals("y".repeat(100), read(ring, 209_900));
    }

    @Test
    void slicesOutliveTheRing() {
        OutputRing ring = ring(100);
        ring.append(Output.OUT, bytes("keep me"));
        Chunk chunk = ring.read(0, 100);
        assertNotNull(chunk);
        for (int i = 0; i < 100; i++) {
            ring.append(Output.OUT, bytes("x".repeat(50)));
        }
        ring.release();
        assertEquals("keep me", chunk.bytes().toString(StandardCharsets.ISO_8859_1));
        chunk.bytes().release();
        assertEquals(0, chunk.bytes().refCnt());
    }

    @Test
    void theRecentPartBeginsBehindALineEnd() {
        OutputRing ring = ring(10_000);
        assertEquals(0, ring.recent(10));
        ring.append(Output.OUT, bytes("first line\nsecond line\nthird"));
        assertEquals(11, ring.recent(25));
        assertEquals(23, ring.recent(6));
        assertEquals(24, ring.recent(4), "no line end: as it is");
        assertEquals(0, ring.recent(1_000));
    }
}
