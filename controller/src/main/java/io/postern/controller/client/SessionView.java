package io.postern.controller.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.postern.api.EntityRef;
import io.postern.api.Link;
import io.postern.controller.client.EdgeRouterViews.EdgeRouterView;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A Session as its owner sees it (SDK sheet 2.6). */
public record SessionView(
        String id,
        Instant createdAt,
        Instant updatedAt,
        Map<String, Object> tags,
        @JsonProperty("_links") Map<String, Link> links,
        String token,
        String type,
        String serviceId,
        EntityRef service,
        String identityId,
        String apiSessionId,
        EntityRef apiSession,
        List<EdgeRouterView> edgeRouters) {

    /** Shows no token. */
    @Override
    public String toString() {
        return "Session " + id;
    }
}
