package io.postern.wsproxy.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postern.wsproxy.hub.Size;

/** What a client of {@code console.postern.v1} says beside its bytes. */
sealed interface ControlMessage {
    /** Longest text that is looked at. */
    int LONGEST = 4096;

    /** The terminal's size. */
    record Resize(Size size) implements ControlMessage {}

    /** All output before the position was shown. */
    record Ack(long position) implements ControlMessage {}

    /** Nothing more is typed. */
    record Eof() implements ControlMessage {}

    /** Leaves for good. */
    record Detach() implements ControlMessage {}

    /** Answers a ping, or says what this version does not know. */
    record Nothing() implements ControlMessage {}

    /** Is no message of this protocol. */
    record Malformed() implements ControlMessage {}

    static ControlMessage read(String text) {
        if (text.length() > LONGEST) {
            return new Malformed();
        }
        try {
            JsonNode node = JsonMapperHolder.JSON.readTree(text);
            return node == null || !node.isObject() ? new Malformed() : read(node);
        } catch (JsonProcessingException e) {
            return new Malformed();
        }
    }

    private static ControlMessage read(JsonNode node) {
        return switch (node.path("type").isTextual() ? node.path("type").textValue() : "") {
            case "" -> new Malformed();
            case "resize" ->
                ResizeMessage.size(node.path("cols"), node.path("rows"))
                        .<ControlMessage>map(Resize::new)
                        .orElseGet(Nothing::new);
            case "ack" ->
                node.path("position").canConvertToLong()
                                && node.path("position").isIntegralNumber()
                                && node.path("position").longValue() >= 0
                        ? new Ack(node.path("position").longValue())
                        : new Malformed();
            case "eof" -> new Eof();
            case "detach" -> new Detach();
            default -> new Nothing();
        };
    }

    /** The reader, made once. */
    final class JsonMapperHolder {
        private static final JsonMapper JSON = JsonMapper.builder().build();

        private JsonMapperHolder() {}
    }
}
