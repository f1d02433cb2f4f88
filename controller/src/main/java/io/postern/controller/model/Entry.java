package io.postern.controller.model;

import io.postern.fabric.path.Precedence;
import io.postern.fabric.policy.Semantic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One entity of the model, as far as routers, circuits and terminators depend on it. */
public sealed interface Entry {
    String id();

    /** Unique among entries of its type; ids are unique only among one kind of policy. */
    default String key() {
        return id();
    }

    /** @param serviceConfigs service id to (config type id to config id): overrides for this identity */
    record Identity(
            String id,
            String name,
            boolean disabled,
            Set<String> roleAttributes,
            Precedence defaultHostingPrecedence,
            int defaultHostingCost,
            Map<String, Precedence> serviceHostingPrecedences,
            Map<String, Integer> serviceHostingCosts,
            @Nullable String appDataJson,
            Map<String, Map<String, String>> serviceConfigs)
            implements Entry {}

    /** @param maxIdleMillis circuits idle for longer are ended; zero is never */
    record Service(
            String id,
            String name,
            boolean encryptionRequired,
            List<String> configs,
            Set<String> roleAttributes,
            String terminatorStrategy,
            long maxIdleMillis)
            implements Entry {}

    /**
     * @param fingerprint sha1 of the enrolled client certificate, lower-case hex; null before enrollment
     * @param pendingFingerprint of a renewed certificate the router has not confirmed yet
     */
    record Router(
            String id,
            String name,
            @Nullable String fingerprint,
            @Nullable String pendingFingerprint,
            boolean disabled,
            int cost,
            boolean noTraversal,
            boolean tunneler,
            Set<String> roleAttributes,
            List<String> configs)
            implements Entry {}

    record ConfigType(String id, String name, String target) implements Entry {}

    record Config(String id, String typeId, String name, String dataJson) implements Entry {}

    /** What a policy joins; the sides are named by what stands left and right of it. */
    enum PolicyKind {
        DIAL,
        BIND,
        EDGE_ROUTER,
        SERVICE_EDGE_ROUTER;

        /** Service policies travel to the routers, the other two are judged here. */
        public boolean isServicePolicy() {
            return this == DIAL || this == BIND;
        }
    }

    /**
     * @param left identities of service and edge-router policies, services of service-edge-router policies
     * @param right services of service policies, edge routers of the other two
     */
    record Policy(
            String id,
            String name,
            PolicyKind kind,
            Semantic semantic,
            List<String> left,
            List<String> right,
            List<String> postureChecks)
            implements Entry {
        @Override
        public String key() {
            return key(kind, id);
        }

        /** Dial and Bind policies share their ids. */
        static String key(PolicyKind kind, String id) {
            return (kind.isServicePolicy() ? "SERVICE" : kind.name()) + " " + id;
        }
    }

    /** @param detail the check's own fields as the management API writes them */
    record PostureCheck(String id, String name, String typeId, Set<String> roleAttributes, Map<String, Object> detail)
            implements Entry {}

    /** @param type API_SESSION, IDENTITY or JTI */
    record Revocation(
            String id,
            String type,
            Instant expiresAt,
            @Nullable Instant issuedBefore) implements Entry {}
}
