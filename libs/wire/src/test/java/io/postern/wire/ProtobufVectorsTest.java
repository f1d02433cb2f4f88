package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.edgeclient.pb.ServiceChangeSet;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.metrics.pb.MetricsMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The project's own vector of each protobuf message, every field of it set, one more for each further choice of a oneof: what
 * pins names, numbers and types where the samples of a stock network are not at hand. {@code -Dpostern.vectors=write} writes
 * the file anew, for review; {@link RecordedBodiesTest} holds the same messages against stock.
 */
class ProtobufVectorsTest {
    private static final Path FILE = Path.of("src/test/resources/vectors/protobuf.txt");
    private static final List<FileDescriptor> FILES = List.of(
            Route.getDescriptor().getFile(),
            DataState.getDescriptor().getFile(),
            ServiceChangeSet.getDescriptor().getFile(),
            MetricsMessage.getDescriptor().getFile());

    @Test
    void everyMessageIsWrittenAndReadAsItWas() throws IOException {
        Map<String, Message> messages = messages();
        Map<String, String> written = new LinkedHashMap<>();
        messages.forEach((name, message) -> written.put(name, HexFormat.of().formatHex(message.toByteArray())));
        if ("write".equals(System.getProperty("postern.vectors"))) {
            Files.write(
                    FILE,
                    written.entrySet().stream().map(ProtobufVectorsTest::line).toList());
        }
        Map<String, String> golden = new LinkedHashMap<>();
        try (Stream<String> lines = Files.lines(FILE)) {
            lines.map(line -> line.split(" ", 2)).forEach(parts -> golden.put(parts[0], parts[1].strip()));
        }
        assertThat(written).isEqualTo(golden);
        for (Map.Entry<String, Message> each : messages.entrySet()) {
            byte[] bytes = HexFormat.of().parseHex(golden.get(each.getKey()));
            Message read = each.getValue().getParserForType().parseFrom(bytes);
            assertThat(read.getUnknownFields().asMap()).as(each.getKey()).isEmpty();
            assertThat(read.toByteArray()).as(each.getKey()).isEqualTo(bytes);
        }
        assertThat(golden).hasSizeGreaterThan(140);
    }

    /** Numbers of enums that no field holds would move unseen. */
    @Test
    void everyEnumKeepsItsNumbers() throws IOException {
        Path file = FILE.resolveSibling("enums.txt");
        List<String> lines = new ArrayList<>();
        for (FileDescriptor each : FILES) {
            each.getEnumTypes().forEach(type -> enums(type, lines));
            each.getMessageTypes().forEach(type -> enumsWithin(type, lines));
        }
        if ("write".equals(System.getProperty("postern.vectors"))) {
            Files.write(file, lines);
        }
        assertThat(lines).isEqualTo(Files.readAllLines(file));
    }

    private static void enumsWithin(Descriptor type, List<String> lines) {
        type.getEnumTypes().forEach(each -> enums(each, lines));
        type.getNestedTypes().forEach(each -> enumsWithin(each, lines));
    }

    private static void enums(EnumDescriptor type, List<String> lines) {
        type.getValues()
                .forEach(value -> lines.add(type.getFullName() + " " + value.getName() + " " + value.getNumber()));
    }

    private static String line(Map.Entry<String, String> vector) {
        return vector.getKey() + " " + vector.getValue();
    }

    private static Map<String, Message> messages() {
        Map<String, Message> messages = new LinkedHashMap<>();
        for (FileDescriptor file : FILES) {
            file.getMessageTypes().forEach(type -> add(type, messages));
        }
        return messages;
    }

    private static void add(Descriptor type, Map<String, Message> messages) {
        if (type.getOptions().getMapEntry()) {
            return;
        }
        messages.put(type.getFullName(), filled(type, null, 2));
        for (OneofDescriptor oneof : type.getRealOneofs()) {
            oneof.getFields().stream()
                    .skip(1)
                    .forEach(field -> messages.put(type.getFullName() + "/" + field.getName(), filled(type, field, 2)));
        }
        type.getNestedTypes().forEach(nested -> add(nested, messages));
    }

    /**
     * @param chosen of its oneof; of others the first is
     * @param depth how deep messages within are filled
     */
    private static Message filled(Descriptor type, FieldDescriptor chosen, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth == 0) {
                continue;
            }
            OneofDescriptor oneof = field.getRealContainingOneof();
            if (oneof != null) {
                boolean here = chosen != null && chosen.getContainingOneof() == oneof;
                if (field != (here ? chosen : oneof.getField(0))) {
                    continue;
                }
            }
            if (field.isRepeated()) {
                message.addRepeatedField(field, value(field, depth));
            } else {
                message.setField(field, value(field, depth));
            }
        }
        return message.build();
    }

    private static Object value(FieldDescriptor field, int depth) {
        int number = field.getNumber();
        return switch (field.getJavaType()) {
            case INT -> 100 + number;
            case LONG -> 1000L + number;
            case FLOAT -> number + 0.5f;
            case DOUBLE -> number + 0.5;
            case BOOLEAN -> true;
            case STRING -> field.getName();
            case BYTE_STRING -> com.google.protobuf.ByteString.copyFrom(new byte[] {(byte) number});
            case ENUM -> field.getEnumType().getValues().getLast();
            case MESSAGE -> filled(field.getMessageType(), null, depth - 1);
        };
    }
}
