package io.postern.wsproxy.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Heads and bodies of engines' answers, as bytes. */
class AnswerTest {
    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static ResponseHead head(String text) {
        ResponseHead head = new ResponseHead.Reader().feed(bytes(text));
        assertNotNull(head);
        return head;
    }

    private static String body(String headText, String... parts) {
        BodyDecoder decoder = new BodyDecoder(head(headText), false);
        StringBuilder all = new StringBuilder();
        for (String part : parts) {
            decoder.feed(bytes(part), slice -> {
                all.append(slice.toString(StandardCharsets.ISO_8859_1));
                slice.release();
            });
        }
        assertTrue(decoder.isDone());
        return all.toString();
    }

    @Test
    void aHeadIsFoundWhereverItIsCut() {
        String text =
                "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nUpgrade: tcp\r\n\r\n";
        for (int cut = 0; cut < text.length(); cut++) {
            ResponseHead.Reader reader = new ResponseHead.Reader();
            assertNull(reader.feed(bytes(text.substring(0, cut))));
            ByteBuf rest = bytes(text.substring(cut) + "raw");
            ResponseHead head = reader.feed(rest);
            assertNotNull(head);
            assertEquals(101, head.status());
            assertEquals("tcp", head.header("upgrade").orElseThrow());
            assertEquals("raw", rest.toString(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void whatIsNoHeadIsRefused() {
        for (String text : List.of(
                "SSH-2.0-x\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nnocolon\r\n\r\n")) {
            assertThrows(MalformedAnswer.class, () -> head(text));
        }
        assertThrows(MalformedAnswer.class, () -> head("HTTP/1.1 200 OK\r\nx: " + "a".repeat(40_000)));
    }

    @Test
    void bodiesEndAsTheirHeadSays() {
        assertEquals("hello", body("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "he", "llobehind"));
        assertEquals("", body("HTTP/1.1 204 No Content\r\n\r\n"));
        assertEquals("", body("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        String chunks = "5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: z\r\n\r\n";
        String headText = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (int cut = 0; cut <= chunks.length(); cut++) {
            assertEquals("hello!", body(headText, chunks.substring(0, cut), chunks.substring(cut)));
        }
        BodyDecoder open = new BodyDecoder(head("HTTP/1.1 200 OK\r\n\r\n"), false);
        open.feed(bytes("all"), ByteBuf::release);
        assertFalse(open.isDone());
        open.ended();
        assertTrue(open.isDone());
    }

    @Test
    void brokenBodiesAreRefused() {
        String headText = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (String wrong : List.of("xyz\r\n", "-1\r\n", "ffffffffffffffff1\r\n", "1\r\nab\r\n", "9".repeat(9_000))) {
            BodyDecoder decoder = new BodyDecoder(head(headText), false);
            assertThrows(MalformedAnswer.class, () -> decoder.feed(bytes(wrong), ByteBuf::release), wrong);
        }
        assertThrows(
                MalformedAnswer.class,
                () -> new BodyDecoder(head("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"), false));
        BodyDecoder cut = new BodyDecoder(head("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), false);
        assertThrows(MalformedAnswer.class, cut::ended);
        Random random = new Random(3);
        for (int round = 0; round < 2_000; round++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            try {
                new BodyDecoder(head(headText), false).feed(Unpooled.copiedBuffer(noise), ByteBuf::release);
            } catch (MalformedAnswer e) {
                assertNotNull(e.getMessage());
            }
        }
    }

    @Test
    void requestsCannotBreakOutOfTheirLines() {
        for (String target : List.of("/a b", "/a\r\nX: y", "/\u0000", "/\u00e9")) {
            assertThrows(IllegalArgumentException.class, () -> ResponseHead.request("GET", target, List.of()));
        }
        assertThrows(IllegalArgumentException.class, () -> ResponseHead.request("GET", "/", List.of("A: b\r\nC: d")));
        assertThrows(EngineRefusal.class, () -> new ContainerId("../../version"));
        assertThrows(EngineRefusal.class, () -> new ExecId("0123"));
    }

    @Test
    void refusalsSayWhatTheyMean() {
        HostName host = new HostName("h");
        assertEquals(
                EngineRefusal.Code.CONTAINER_PAUSED,
                Refusals.of(host, 409, "{\"message\":\"Container x is paused, unpause the container before exec\"}")
                        .code());
        assertEquals(
                EngineRefusal.Code.CONTAINER_NOT_RUNNING,
                Refusals.of(host, 409, "{\"message\":\"Container x is not running\"}")
                        .code());
        assertEquals(
                EngineRefusal.Code.CONTAINER_UNKNOWN,
                Refusals.of(host, 404, "page").code());
        EngineRefusal redirect = Refusals.of(host, 302, "");
        assertEquals(EngineRefusal.Code.ENGINE_FAILED, redirect.code());
        assertTrue(String.valueOf(redirect.getMessage()).contains("not followed"));
        assertFalse(String.valueOf(Refusals.of(host, 500, "a\r\n\u001b[31mb").getMessage())
                .contains("\u001b"));
    }

    @Test
    void detachKeysAreReadAndFound() {
        DetachKeys keys = DetachKeys.parse("ctrl-^,ctrl-_");
        assertEquals("\u001e\u001f", keys.bytes());
        assertThrows(IllegalArgumentException.class, () -> DetachKeys.parse(""));
        assertThrows(IllegalArgumentException.class, () -> DetachKeys.parse("ctrl-1"));
        DetachKeys.Watch watch = keys.watch();
        assertEquals(3, watch.passes(bytes("ab\u001e")));
        assertEquals(0, watch.passes(bytes("\u001frest")));
        assertEquals(2, watch.passes(bytes("x\u001e")));
        assertEquals(1, watch.passes(bytes("y")));
        assertEquals(2, watch.passes(bytes("\u001e\u001e\u001f")));
    }
}
