package io.postern.controller.front;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.postern.api.Link;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A controller as clients see it (SDK sheet 1.7). */
public record ControllerView(
        String id,
        Instant createdAt,
        Instant updatedAt,
        Map<String, Object> tags,
        @JsonProperty("_links") Map<String, Link> links,
        String name,
        String certPem,
        String fingerprint,
        @JsonProperty("isOnline") boolean isOnline,
        Instant lastJoinedAt,
        Map<String, List<Address>> apiAddresses) {
    /** Where one API is. */
    public record Address(String url, String version) {}
}
