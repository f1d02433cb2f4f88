package io.postern.wsproxy.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Where decoders err: ASCII, continuations, and the first and last leads and second bytes of each length. */
    private static final int[] EDGES = {
        0x00, 0x1F, 0x20, 0x22, 0x5C, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
        0xED, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
    };

    private static String json(byte[] bytes, int... cuts) {
        JsonText text = new JsonText();
        Page page = new Page(0);
        page.put("\"");
        int from = 0;
        for (int cut : cuts) {
            text.add(ByteBuffer.wrap(bytes, from, cut - from), page);
            from = cut;
        }
        text.add(ByteBuffer.wrap(bytes, from, bytes.length - from), page);
        text.end(page);
        page.put("\"");
        return new String(page.bytes(), 0, page.length(), StandardCharsets.UTF_8);
    }

    @Test
    void everyAsciiCharacterIsReadBack() throws IOException {
        StringBuilder all = new StringBuilder();
        for (char value = 0; value < 0x80; value++) {
            all.append(value);
        }
        String json = json(all.toString().getBytes(StandardCharsets.US_ASCII));
        assertEquals(all.toString(), JSON.readValue(json, String.class));
        assertEquals(JSON.writeValueAsString(all.toString()), json);
    }

    @Test
    void textIsWholeWhereverItIsCut() throws IOException {
        String text = "aß€𝄞";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int a = 0; a <= bytes.length; a++) {
            for (int b = a; b <= bytes.length; b++) {
                assertEquals(text, JSON.readValue(json(bytes, a, b), String.class), a + " " + b);
            }
        }
    }

    @Test
    void whatIsNoTextBecomesWhatThePlatformMakesOfIt() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(7)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) EDGES[random.nextInt(EDGES.length)];
            }
            int cut = random.nextInt(bytes.length + 1);
            String expected = new String(bytes, StandardCharsets.UTF_8);
            assertEquals(
                    expected,
                    JSON.readValue(json(bytes, cut), String.class),
                    () -> java.util.HexFormat.of().formatHex(bytes) + " cut at " + cut);
        }
    }
}
