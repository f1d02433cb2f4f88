package io.postern.wsproxy.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MuxDecoderTest {
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private final MuxDecoder decoder = new MuxDecoder();

    private void feed(ByteBuf bytes) {
        decoder.feed(bytes, (from, part) -> {
            (from == Output.OUT ? out : err).append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        });
        assertTrue(bytes == Unpooled.EMPTY_BUFFER || bytes.refCnt() == 0, "a leak");
    }

    private static ByteBuf frame(int type, String text) {
        return Unpooled.buffer()
                .writeByte(type)
                .writeZero(3)
                .writeInt(text.length())
                .writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** As an engine sent them for {@code echo out; echo err >&2}. */
    private static ByteBuf both() {
        return Unpooled.wrappedBuffer(frame(1, "out\n"), frame(2, "err\n"));
    }

    @Test
    void framesComeApartWhereverTheyAreCut() {
        byte[] all = new byte[24];
        both().readBytes(all);
        for (int cut = 0; cut <= all.length; cut++) {
            MuxDecoderTest one = new MuxDecoderTest();
            one.feed(Unpooled.copiedBuffer(all, 0, cut));
            assertEquals(cut % 12 == 0, one.decoder.isWhole(), "cut at " + cut);
            one.feed(Unpooled.copiedBuffer(all, cut, all.length - cut));
            assertEquals("out\n", one.out.toString());
            assertEquals("err\n", one.err.toString());
            assertTrue(one.decoder.isWhole());
        }
    }

    @Test
    void lengthsOfNothingAndOfTheMostAreTaken() {
        feed(frame(1, ""));
        assertTrue(decoder.isWhole());
        feed(Unpooled.buffer().writeByte(2).writeZero(3).writeInt(-1));
        feed(Unpooled.copiedBuffer("a".repeat(100_000), StandardCharsets.ISO_8859_1));
        assertEquals(100_000, err.length());
        assertFalse(decoder.isWhole());
    }

    @Test
    void inputEchoAndSystemErrorsAreShown() {
        feed(frame(0, "in"));
        feed(frame(3, "bad"));
        assertEquals("in", out.toString());
        assertEquals("bad", err.toString());
    }

    @Test
    void wordsInPlaceOfAHeaderAreErrorOutput() {
        String words = "OCI runtime exec failed: no such file\r\n";
        for (int cut = 0; cut < words.length(); cut++) {
            MuxDecoderTest one = new MuxDecoderTest();
            one.feed(frame(1, "x"));
            one.feed(Unpooled.copiedBuffer(words.substring(0, cut), StandardCharsets.ISO_8859_1));
            one.feed(Unpooled.copiedBuffer(words.substring(cut), StandardCharsets.ISO_8859_1));
            assertEquals(words, one.err.toString());
            assertEquals("x", one.out.toString());
        }
    }

    @Test
    void whateverComesIsTakenAndNothingLeaks() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            MuxDecoderTest one = new MuxDecoderTest();
            long in = 0;
            for (int part = 0; part < 10; part++) {
                byte[] bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                if (bytes.length > 4 && random.nextBoolean()) {
                    bytes[0] = (byte) random.nextInt(4);
                    bytes[1] = bytes[2] = bytes[3] = 0;
                }
                in += bytes.length;
                one.feed(Unpooled.copiedBuffer(bytes));
            }
            assertTrue(one.out.length() + one.err.length() <= in);
        }
    }
}
