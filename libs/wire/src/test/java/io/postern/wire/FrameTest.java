package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameTest {
    private static final FrameLimits SMALL = new FrameLimits(64, 32);

    @ParameterizedTest
    @CsvSource({
        "0306090d 00000000 00000000 00000000 00000000, magic",
        "0306090a, magic",
        "47455420, magic",
        "0306090c 00000000 00000000 41000000 00000000, header block of 65 bytes",
        "0306090c 00000000 00000000 ffffffff 00000000, header block of 4294967295 bytes",
        "0306090c 00000000 00000000 00000080 00000000, header block of 2147483648 bytes",
        "0306090c 00000000 00000000 00000000 21000000, body of 33 bytes",
        "0306090c 00000000 00000000 00000000 ffffffff, body of 4294967295 bytes"
    })
    void refusesByItsPrefix(String hex, String text) {
        assertThatThrownBy(() -> Frame.lengthOf(buffer(hex), SMALL))
                .isInstanceOf(MalformedFrame.class)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @CsvSource({"''", "03", "030609", "'0306090c 00000000 00000000 00000000 000000'"})
    void waitsForItsPrefix(String hex) {
        assertThat(Frame.lengthOf(buffer(hex), SMALL)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // the header block ends inside a key, inside a length, inside a value; a negative length
        "0306090c 00000000 00000000 03000000 00000000 010000, ends inside a header",
        "0306090c 00000000 00000000 07000000 00000000 01000000 000000, ends inside a header",
        "0306090c 00000000 00000000 09000000 00000000 01000000 02000000 00, runs past its block",
        "0306090c 00000000 00000000 08000000 00000000 01000000 ffffffff, runs past its block",
        "0306090c 00000000 00000000 08000000 00000000 01000000 ffffff7f, runs past its block",
        "0306090c 00000000 00000000 00000000 05000000 00, announces 25",
    })
    void refusesByItsHeaders(String hex, String text) {
        assertThatThrownBy(() -> Frame.take(buffer(hex)))
                .isInstanceOf(MalformedFrame.class)
                .hasMessageContaining(text);
    }

    @Test
    void lastOfARepeatedHeaderCounts() {
        Frame frame = Rewrite.sent(FrameBuilder.of(1).i32(9, 1).i32(9, 2));
        assertThat(frame.i32(9, 0)).isEqualTo(2);
        assertThat(frame.headers()).hasSize(1);
    }

    @Test
    void readsNumbersOfAnyWidth() {
        assertThat(Rewrite.sent(FrameBuilder.of(1).bytes(9, (byte) 0xFF)).i32(9, 0))
                .isEqualTo(255);
        assertThat(Rewrite.sent(FrameBuilder.of(1).u16(9, 0xFFFE)).i32(9, 0)).isEqualTo(0xFFFE);
        assertThat(Rewrite.sent(FrameBuilder.of(1).i32(9, -2)).i32(9, 0)).isEqualTo(-2);
        assertThat(Rewrite.sent(FrameBuilder.of(1).bytes(9)).i32(9, 77)).isEqualTo(77);
        assertThat(Rewrite.sent(FrameBuilder.of(1).u64(9, 5)).i32(9, 77)).isEqualTo(77);
        assertThat(Rewrite.sent(FrameBuilder.of(1)).i32(9, 77)).isEqualTo(77);
    }

    @Test
    void repliesCarrySequenceAndReflection() {
        Frame request = Rewrite.read(Rewrite.bytes(FrameBuilder.of(3).u64(Header.REFLECTED, 42), 11));
        Frame reply = Rewrite.sent(FrameBuilder.result(request, true, ""));
        assertThat(reply.replyFor()).isEqualTo(11);
        assertThat(reply.u64(Header.REFLECTED, 0)).isEqualTo(42);
        assertThat(reply.bool(Header.RESULT_SUCCESS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"81000000", "ffffffff", "01000000", "0100000001200000", "01000000ffffffff", "0100", "010000000500000041"
    })
    void listsAreBounded(String hex) {
        byte[] value = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> HeaderValues.strings(value)).isInstanceOf(MalformedFrame.class);
        assertThatThrownBy(() -> HeaderValues.stringMap(value)).isInstanceOf(MalformedFrame.class);
        assertThatThrownBy(() -> HeaderValues.byteMap(value)).isInstanceOf(MalformedFrame.class);
    }

    /** Seeded: whatever bytes come, reading ends in a frame or a MalformedFrame, never in another failure. */
    @Test
    void garbageIsRefusedOrRead() {
        Random random = new Random(20260101);
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = Rewrite.bytes(
                    FrameBuilder.of(random.nextInt(3))
                            .string(random.nextInt(5), "abc")
                            .i32(9, i)
                            .body("body"),
                    i);
            for (int n = random.nextInt(4); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                ByteBuf in = Unpooled.wrappedBuffer(bytes);
                if (Frame.lengthOf(in, FrameLimits.EDGE).orElse(-1) == bytes.length) {
                    Frame frame = Frame.take(in);
                    frame.headers();
                    frame.i32(9, 0);
                    frame.string(2);
                    read++;
                }
            } catch (MalformedFrame expected) {
                assertThat(expected).hasMessageNotContaining("sekret");
            }
        }
        assertThat(read).isGreaterThan(10_000);
    }

    @Test
    void masksAreBigEndian() {
        assertThat(Capabilities.of(Capabilities.ROUTER_BIND_SUCCESS).bytes()).containsExactly(0x40);
        assertThat(HexFormat.of().formatHex(Capabilities.of(1, 2, 4, 5, 6, -2).bytes()))
                .isEqualTo("4000000000000076");
        assertThat(Capabilities.of().bytes()).isEmpty();
        Capabilities read = Capabilities.read(HexFormat.of().parseHex("4000000000000076"));
        assertThat(read.has(Capabilities.ROUTER_DATA_MODEL)).isTrue();
        assertThat(read.has(Capabilities.ROUTER_CONNECT_V2)).isTrue();
        assertThat(read.has(3)).isFalse();
        assertThat(Capabilities.read(null).has(1)).isFalse();
        assertThat(Capabilities.read(new byte[1000]).has(1)).isFalse();
    }

    @Test
    void versionsHaveFiveParts() {
        String text = "v2.0.0|abc|2026-01-01|linux|amd64";
        assertThat(Version.parse(text).orElseThrow().text()).isEqualTo(text);
        assertThat(Version.parse("v2.0.0|abc|2026")).isEmpty();
        assertThat(Version.parse(null)).isEmpty();
    }

    @Test
    void refusalsAreJson() {
        StructuredError error = StructuredError.of(EdgeError.INTERNAL, "service \"x\" has\n none", RetryHint.DEFAULT);
        assertThat(new String(error.json()))
                .isEqualTo("{\"message\":\"service \\\"x\\\" has\\u000a none\",\"code\":1,\"retryHint\":0}");
        assertThat(EdgeError.of(14)).isEqualTo(EdgeError.ACCESS_DENIED);
        assertThat(EdgeError.of(99)).isEqualTo(EdgeError.INTERNAL);
    }

    @Test
    void edgeMessagesNeedAConnectionId() {
        Frame none = Rewrite.sent(FrameBuilder.of(ContentType.CONNECT).body("t"));
        assertThatThrownBy(() -> io.postern.wire.edge.Connect.read(none)).isInstanceOf(MalformedFrame.class);
        Frame five = Rewrite.sent(
                FrameBuilder.of(ContentType.DIAL_SUCCESS).i32(Header.CONN_ID, 1).body("five!"));
        assertThatThrownBy(() -> io.postern.wire.edge.DialSuccess.read(five)).isInstanceOf(MalformedFrame.class);
    }

    @Test
    void emptyListsAreNoBytes() {
        Frame frame = Rewrite.sent(FrameBuilder.of(1).byteMap(9, Map.of()));
        assertThat(frame.bytes(9)).isEmpty();
        assertThat(HeaderValues.byteMap(frame.bytes(9))).isEmpty();
    }

    private static ByteBuf buffer(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
