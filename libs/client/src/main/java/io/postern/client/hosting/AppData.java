package io.postern.client.hosting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the dialing side says it intercepted: JSON under key 1011. All of it is the client's word. Fabric sheet 6.3.
 *
 * @param port as text or number on the wire; 0 when absent
 */
public record AppData(String protocol, String host, String ip, int port) {
    public static final AppData NONE = new AppData("", "", "", 0);
    private static final int MOST_BYTES = 16 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Absent or unreadable data is {@link #NONE}: only targets that need it are then refused. */
    public static AppData read(byte @Nullable [] json) {
        if (json == null || json.length == 0 || json.length > MOST_BYTES) {
            return NONE;
        }
        try {
            JsonNode root = JSON.readTree(json);
            return new AppData(
                    root.path("dst_protocol").asText(""),
                    root.path("dst_hostname").asText(""),
                    root.path("dst_ip").asText(""),
                    root.path("dst_port").asInt(0));
        } catch (IOException e) {
            return NONE;
        }
    }

    /** What a proxy listener says of a connection it took. */
    public static byte[] write(String ip, int port, String source) {
        return JSON.createObjectNode()
                .put("dst_protocol", "tcp")
                .put("dst_ip", ip)
                .put("dst_port", String.valueOf(port))
                .put("source_addr", source)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
