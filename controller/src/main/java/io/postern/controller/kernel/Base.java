package io.postern.controller.kernel;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.postern.api.Link;
import java.time.Instant;
import java.util.Map;

/** The part of a view that every entity has (SDK sheet 2.3). */
public record Base(
        String id,
        Instant createdAt,
        Instant updatedAt,
        Map<String, Object> tags,
        @JsonProperty("_links") Map<String, Link> links) {}
