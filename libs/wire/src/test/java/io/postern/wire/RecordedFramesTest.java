package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.postern.testkit.Samples;
import io.postern.testkit.Samples.WireFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every recorded frame of a stock network is read, and written again bit for bit. */
class RecordedFramesTest {
    private Samples samples;

    @BeforeEach
    void samples() {
        assumeTrue(Samples.find().isPresent(), Samples.absent());
        samples = Samples.find().orElseThrow();
    }

    @Test
    void conversations() {
        int exact = 0;
        int headersOnly = 0;
        for (Path file : samples.files("wire", "*.jsonl")) {
            for (JsonNode line : Samples.lines(file)) {
                if (!line.has("contentType")) {
                    continue;
                }
                WireFrame recorded = WireFrame.of(line);
                byte[] wire = recorded.wire();
                if (wire != null) {
                    Frame frame = Rewrite.read(wire);
                    assertSame(recorded, frame, file);
                    assertThat(Rewrite.bytes(frame)).as("%s %s", file, frame).isEqualTo(wire);
                    exact++;
                } else {
                    FrameBuilder built = FrameBuilder.of(recorded.contentType());
                    recorded.headers().forEach(built::bytes);
                    built.body(recorded.body());
                    assertSame(recorded, Rewrite.read(Rewrite.bytes(built, recorded.sequence())), file);
                    headersOnly++;
                }
            }
        }
        assertThat(exact).isGreaterThan(500);
        assertThat(headersOnly).isGreaterThan(500);
    }

    private static void assertSame(WireFrame recorded, Frame frame, Path file) {
        assertThat(frame.contentType()).isEqualTo(recorded.contentType());
        assertThat(frame.sequence()).isEqualTo(recorded.sequence());
        assertThat(text(frame.headers())).as("%s", file).isEqualTo(text(recorded.headers()));
        byte[] body =
                recorded.truncated() ? Arrays.copyOf(frame.bodyBytes(), recorded.body().length) : frame.bodyBytes();
        assertThat(body).isEqualTo(recorded.body());
    }

    private static Map<Integer, String> text(Map<Integer, byte[]> headers) {
        Map<Integer, String> text = new java.util.TreeMap<>();
        headers.forEach((id, value) -> text.put(id, ByteBufUtil.hexDump(value)));
        return text;
    }

    @Test
    void vectorFrames() {
        int seen = 0;
        for (String name : List.of("edge-messages", "ctrl-header-messages", "xgress")) {
            for (JsonNode line : samples.vectors(name)) {
                if (!line.hasNonNull("frameSeq7")) {
                    continue;
                }
                byte[] wire = Samples.hex(line.get("frameSeq7").asText());
                Frame frame = Rewrite.read(wire);
                assertThat(frame.contentType())
                        .isEqualTo(line.get("contentType").asInt());
                assertThat(ByteBufUtil.hexDump(frame.bodyBytes()))
                        .isEqualTo(line.get("body").asText());
                line.get("headers")
                        .properties()
                        .forEach(e -> assertThat(ByteBufUtil.hexDump(frame.bytes(Integer.parseInt(e.getKey()))))
                                .isEqualTo(e.getValue().asText()));
                assertThat(Rewrite.bytes(frame)).isEqualTo(wire);
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(50);
    }

    @Test
    void headerValues() {
        for (JsonNode line : samples.vectors("channel-encodings")) {
            String kind = line.get("kind").asText();
            if (kind.startsWith("random 16-byte id")) {
                assertThat(Base62.text(Samples.hex(line.get("value").asText())))
                        .isEqualTo(line.get("text").asText());
            } else if (kind.startsWith("frame")) {
                byte[] wire = Samples.hex(line.get("hex").asText());
                assertThat(Frame.lengthOf(Unpooled.wrappedBuffer(wire), FrameLimits.HELLO))
                        .hasValue(wire.length);
                assertThat(Rewrite.bytes(Rewrite.read(wire))).isEqualTo(wire);
            } else {
                assertValue(kind, line.get("value"), line.get("hex").asText());
            }
        }
    }

    private static void assertValue(String kind, JsonNode value, String hex) {
        FrameBuilder built = FrameBuilder.of(1);
        switch (kind) {
            case "uint64" -> built.u64(9, Long.parseUnsignedLong(value.asText()));
            case "uint32", "int32" -> built.i32(9, (int) value.asLong());
            case "uint16" -> built.u16(9, value.asInt());
            case "bool" -> built.bool(9, value.asBoolean());
            case "string" -> built.string(9, value.asText());
            case "stringSlice" -> built.strings(9, strings(value));
            case "u32ToBytesMap" -> built.byteMap(9, bytes(value));
            case "stringToStringMap" -> built.stringMap(9, texts(value));
            default -> throw new AssertionError(kind);
        }
        Frame frame = Rewrite.sent(built);
        assertThat(ByteBufUtil.hexDump(frame.bytes(9))).as(kind).isEqualTo(hex);
        switch (kind) {
            case "uint64" -> assertThat(Long.toUnsignedString(frame.u64(9, 1))).isEqualTo(value.asText());
            case "uint32", "int32" -> assertThat(frame.i32(9, 77)).isEqualTo((int) value.asLong());
            case "uint16" -> assertThat(frame.i32(9, 77)).isEqualTo(value.asInt());
            case "bool" -> assertThat(frame.bool(9)).isEqualTo(value.asBoolean());
            case "string" -> assertThat(frame.string(9)).isEqualTo(value.asText());
            case "stringSlice" ->
                assertThat(HeaderValues.strings(frame.bytes(9))).isEqualTo(strings(value));
            case "u32ToBytesMap" ->
                assertThat(HeaderValues.byteMap(frame.bytes(9)).keySet())
                        .isEqualTo(bytes(value).keySet());
            default -> assertThat(HeaderValues.stringMap(frame.bytes(9))).isEqualTo(texts(value));
        }
    }

    private static List<String> strings(JsonNode value) {
        List<String> all = new ArrayList<>();
        value.forEach(v -> all.add(v.asText()));
        return all;
    }

    private static Map<Integer, byte[]> bytes(JsonNode value) {
        Map<Integer, byte[]> all = new LinkedHashMap<>();
        value.properties()
                .forEach(e -> all.put(
                        Integer.valueOf(e.getKey()),
                        java.util.Base64.getDecoder()
                                .decode(
                                        e.getValue().isNull()
                                                ? ""
                                                : e.getValue().asText())));
        return all;
    }

    private static Map<String, String> texts(JsonNode value) {
        Map<String, String> all = new LinkedHashMap<>();
        value.properties().forEach(e -> all.put(e.getKey(), e.getValue().asText()));
        return all;
    }
}
