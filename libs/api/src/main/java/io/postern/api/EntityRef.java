package io.postern.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/** Another resource, named. {@code entity} is its collection, for example {@code services}. */
public record EntityRef(
        String entity,
        String id,
        String name,
        @JsonProperty("_links") Map<String, Link> links) {
    public static EntityRef of(String collection, String id, String name) {
        return new EntityRef(collection, id, name, Link.self(collection, id));
    }
}
