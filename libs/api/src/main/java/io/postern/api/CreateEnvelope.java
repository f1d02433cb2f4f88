package io.postern.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/** The answer to a create: the new id and where it is. */
public record CreateEnvelope(Created data, Map<String, Object> meta) {
    public record Created(String id, @JsonProperty("_links") Map<String, Link> links) {}

    public static CreateEnvelope of(String collection, String id) {
        return new CreateEnvelope(new Created(id, Link.self(collection, id)), Map.of());
    }
}
