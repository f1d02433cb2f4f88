package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.postern.testkit.Samples;
import io.postern.testkit.Samples.WireFrame;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every protobuf body a stock network wrote is understood whole, and written again bit for bit. */
class RecordedBodiesTest {
    private static final Map<String, String> PACKAGES = Map.of(
            "ziti.ctrl.pb.", "io.postern.wire.ctrl.pb.",
            "ziti.edge_ctrl.pb.", "io.postern.wire.edgectrl.pb.",
            "ziti.edge_client.pb.", "io.postern.wire.edgeclient.pb.",
            "ziti.metrics.pb.", "io.postern.wire.metrics.pb.");

    private Samples samples;

    @BeforeEach
    void samples() {
        assumeTrue(Samples.find().isPresent(), Samples.absent());
        samples = Samples.find().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"ziti.ctrl.pb, 40", "ziti.edge_ctrl.pb, 60", "ziti.edge_client.pb, 30", "ziti.metrics.pb, 8"})
    void vectors(String name, int atLeast) throws Exception {
        int seen = 0;
        for (JsonNode line : samples.vectors(name)) {
            String type = line.get("type").asText();
            if (type.endsWith(".RouterCapability")) {
                continue; // holds no field, says nothing
            }
            byte[] wire = Samples.hex(line.get("hex").asText());
            Message message = parse(type, wire);
            assertThat(message.getUnknownFields().asMap()).as(type).isEmpty();
            assertThat(message.toByteArray()).as(type).isEqualTo(wire);
            assertThat(json(message)).as(type).isEqualTo(line.get("json"));
            seen++;
        }
        assertThat(seen).isGreaterThanOrEqualTo(atLeast);
    }

    /** Maps leave a Go program in any order, so bodies with maps are compared as messages, all others as bytes. */
    @Test
    void conversations() throws Exception {
        int seen = 0;
        for (Path file : samples.files("wire", "*.jsonl")) {
            for (JsonNode line : Samples.lines(file)) {
                String type = line.path("bodyType").asText();
                if (line.path("bodyTruncated").asBoolean() || !known(type)) {
                    continue;
                }
                byte[] body = WireFrame.of(line).body();
                Message message = parse(type, body);
                byte[] again = message.toByteArray();
                assertThat(again.length).as("%s in %s", type, file).isEqualTo(body.length);
                assertThat(parse(type, again)).isEqualTo(message);
                if (!java.util.Arrays.equals(again, body)) {
                    assertThat(hasMap(message)).as("%s in %s", type, file).isTrue();
                }
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(200);
    }

    private static boolean known(String type) {
        return PACKAGES.keySet().stream().anyMatch(type::startsWith);
    }

    private static boolean hasMap(Message message) {
        return message.getAllFields().entrySet().stream()
                .anyMatch(field -> field.getKey().isMapField()
                        || (field.getValue() instanceof Message nested && hasMap(nested))
                        || (field.getValue() instanceof java.util.List<?> list
                                && list.stream().anyMatch(each -> each instanceof Message nested && hasMap(nested))));
    }

    private static Message parse(String type, byte[] bytes) throws Exception {
        String prefix =
                PACKAGES.keySet().stream().filter(type::startsWith).findFirst().orElseThrow();
        String name = PACKAGES.get(prefix) + type.substring(prefix.length()).replace('.', '$');
        return (Message)
                Class.forName(name).getMethod("parseFrom", byte[].class).invoke(null, bytes);
    }

    private static JsonNode json(Message message) throws InvalidProtocolBufferException, java.io.IOException {
        return new ObjectMapper().readTree(JsonFormat.printer().print(message));
    }
}
