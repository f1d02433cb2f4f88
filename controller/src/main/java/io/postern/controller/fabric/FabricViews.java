package io.postern.controller.fabric;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.postern.api.EntityRef;
import io.postern.api.Link;
import io.postern.controller.presence.RouterPresence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What callers read of the network; field names are the wire's (samples rest/fabric-*.json). */
final class FabricViews {
    private FabricViews() {}

    static EntityRef ref(String collection, String id, String name) {
        return new EntityRef(collection, id, name, Link.selfAnd(collection, id, List.of("terminators")));
    }

    record LinkView(
            String id,
            EntityRef sourceRouter,
            EntityRef destRouter,
            String protocol,
            String state,
            boolean down,
            int staticCost,
            long cost,
            long sourceLatency,
            long destLatency,
            int iteration,
            List<ConnectionView> connections) {}

    record ConnectionView(String type, String source, String dest) {}

    record PathView(List<EntityRef> nodes, List<EntityRef> links) {}

    record CircuitView(
            String id,
            Instant createdAt,
            @JsonProperty("_links") Map<String, Link> links,
            Map<String, Object> tags,
            String clientId,
            EntityRef service,
            EntityRef terminator,
            PathView path,
            long cost) {}

    record ListenerView(String address, String protocol) {}

    record RouterView(
            String id,
            @JsonProperty("_links") Map<String, Link> links,
            Map<String, Object> tags,
            String name,
            @Nullable String fingerprint,
            boolean connected,
            boolean disabled,
            int cost,
            boolean noTraversal,
            List<String> configs,
            List<ListenerView> listenerAddresses,
            RouterPresence.@Nullable Version versionInfo) {}

    record TerminatorView(
            String id,
            @JsonProperty("_links") Map<String, Link> links,
            Map<String, Object> tags,
            EntityRef service,
            String serviceId,
            EntityRef router,
            String routerId,
            String binding,
            String address,
            String instanceId,
            String hostId,
            int cost,
            int dynamicCost,
            String precedence) {}

    record ServiceView(
            String id,
            @JsonProperty("_links") Map<String, Link> links,
            Map<String, Object> tags,
            String name,
            String terminatorStrategy,
            long maxIdleTimeMillis) {}
}
