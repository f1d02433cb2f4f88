package io.postern.wire.xgress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.AsciiString;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames as stock peers write them, read and written again. Header order is free on the wire; all else must be equal. */
class XgressVectorsTest {
    static Stream<JsonNode> vectors() throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (InputStream in = XgressVectorsTest.class.getResourceAsStream("/vectors/xgress.jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().toList().stream().map(line -> {
                        try {
                            return json.readTree(line);
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void isWrittenAsItWasRead(JsonNode vector) {
        ByteBuf wire = Unpooled.wrappedBuffer(
                HexFormat.of().parseHex(vector.get("frame").asText()));
        Frame frame = Frame.take(wire);
        Map<Integer, String> headers = text(frame);
        byte[] body = frame.bodyBytes();
        XgressMessage message = read(frame);
        JsonNode input = vector.get("input");
        if (message instanceof Payload payload && input.hasNonNull("sequence")) {
            assertThat(payload.sequence()).isEqualTo(input.get("sequence").asLong());
            assertThat(payload.flags()).isEqualTo(input.get("flags").asInt());
            assertThat(payload.rtt()).isEqualTo(input.get("rtt").asInt());
            boolean starts = payload.has(XgressFlags.CIRCUIT_START);
            assertThat(payload.headers().capabilities()).isEqualTo(starts ? XgressFlags.CAPABILITY_EOF : -1);
        }

        ByteBuf again = message.frame().encode(UnpooledByteBufAllocator.DEFAULT, 7);
        Frame back = Frame.take(again);
        assertThat(again.readableBytes()).isEqualTo(vector.get("frame").asText().length() / 2);
        assertThat(back.contentType()).isEqualTo(vector.get("contentType").asInt());
        assertThat(back.sequence()).isEqualTo(7);
        assertThat(text(back)).isEqualTo(headers);
        assertThat(back.bodyBytes()).isEqualTo(body);
        back.release();
        if (!(message instanceof Payload)) {
            frame.release();
        }
        assertThat(wire.refCnt()).isZero();
    }

    @Test
    void carriesUuidAndFlagsOfADataMessage() {
        PayloadHeaders headers = PayloadHeaders.of(new byte[16], 5);
        Payload payload = new Payload(AsciiString.of("c1"), 9, 0, 1, headers, Unpooled.EMPTY_BUFFER);
        Frame frame = Frame.take(payload.frame().encode(UnpooledByteBufAllocator.DEFAULT, 1));
        assertThat(frame.headers().get(Header.XGRESS_PAYLOAD_HEADERS + 16)).containsExactly(5, 0, 0, 0);
        Payload back = Payload.take(frame);
        assertThat(back.headers().uuid()).hasSize(16);
        assertThat(back.headers().flags()).isEqualTo(5);
        assertThat(back.headers().fin()).isTrue();
        back.release();
    }

    @Test
    void refusesWhatNamesNoCircuitOrIsTorn() {
        Frame nameless = frame(FrameBuilder.of(ContentType.XG_PAYLOAD).u64(Header.XGRESS_SEQUENCE, 1));
        assertThatThrownBy(() -> Payload.take(nameless)).isInstanceOf(MalformedFrame.class);
        Frame unnumbered = frame(FrameBuilder.of(ContentType.XG_PAYLOAD).string(Header.XGRESS_CIRCUIT_ID, "c"));
        assertThatThrownBy(() -> Payload.take(unnumbered)).isInstanceOf(MalformedFrame.class);
        Frame torn = frame(FrameBuilder.of(ContentType.XG_ACKNOWLEDGEMENT)
                .string(Header.XGRESS_CIRCUIT_ID, "c")
                .body(new byte[3]));
        assertThatThrownBy(() -> Acknowledgement.read(torn)).isInstanceOf(MalformedFrame.class);
    }

    private static Frame frame(FrameBuilder builder) {
        return Frame.take(builder.encode(UnpooledByteBufAllocator.DEFAULT, 1));
    }

    private static XgressMessage read(Frame frame) {
        return switch (frame.contentType()) {
            case ContentType.XG_PAYLOAD -> Payload.take(frame);
            case ContentType.XG_ACKNOWLEDGEMENT -> Acknowledgement.read(frame);
            case ContentType.XG_CONTROL -> Control.read(frame);
            default -> throw new IllegalStateException(frame.toString());
        };
    }

    private static Map<Integer, String> text(Frame frame) {
        Map<Integer, String> headers = new TreeMap<>();
        frame.headers().forEach((id, value) -> headers.put(id, HexFormat.of().formatHex(value)));
        return headers;
    }
}
