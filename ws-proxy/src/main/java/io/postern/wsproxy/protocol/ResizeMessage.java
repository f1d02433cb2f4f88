package io.postern.wsproxy.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postern.wsproxy.hub.Size;
import java.util.Optional;

/** A terminal's size in JSON. What is no size is no error of the connection: it is passed over. */
final class ResizeMessage {
    /** Longest text that is looked at. */
    static final int LONGEST = 256;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ResizeMessage() {}

    /** {@code {"Width":101,"Height":33}} as Kubernetes clients write it. */
    static Optional<Size> kubernetes(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            JsonNode node = JSON.readTree(text);
            return node == null ? Optional.empty() : size(node.path("Width"), node.path("Height"));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    static Optional<Size> size(JsonNode columns, JsonNode rows) {
        return columns.isInt() && rows.isInt() ? size(columns.intValue(), rows.intValue()) : Optional.empty();
    }

    private static Optional<Size> size(int columns, int rows) {
        return columns < 1 || columns > 65_535 || rows < 1 || rows > 65_535
                ? Optional.empty()
                : Optional.of(new Size(columns, rows));
    }
}
