package io.postern.controller.relation;

import io.postern.api.Envelope;
import io.postern.controller.kernel.Kernel;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many there are of each kind. */
@Path("/edge/management/v1/summary")
@Produces(MediaType.APPLICATION_JSON)
public class SummaryResource {
    private static final Map<String, String> COUNTED = Map.ofEntries(
            Map.entry("apiSessions", "api_session"),
            Map.entry("authenticators", "authenticator"),
            Map.entry("configTypes", "config_type"),
            Map.entry("configs", "config"),
            Map.entry("edgeRouterPolicies", "edge_router_policy"),
            Map.entry("enrollments", "enrollment"),
            Map.entry("identities", "identity"),
            Map.entry("revocations", "revocation"),
            Map.entry("routers", "edge_router"),
            Map.entry("routers.edge", "edge_router"),
            Map.entry("serviceEdgeRouterPolicies", "service_edge_router_policy"),
            Map.entry("servicePolicies", "service_policy"),
            Map.entry("services", "service"),
            Map.entry("sessions", "session"),
            Map.entry("terminators", "terminator"));

    private static final String SQL = COUNTED.entrySet().stream()
            .map(entry -> "select '" + entry.getKey() + "', count(*) from " + entry.getValue())
            .collect(Collectors.joining(" union all "));

    private final Kernel kernel;

    SummaryResource(Kernel kernel) {
        this.kernel = kernel;
    }

    @GET
    public Uni<Envelope<Map<String, Long>>> summary() {
        return kernel.read(session -> session.createNativeQuery(SQL, Object[].class)
                .getResultList()
                .map(rows -> {
                    Map<String, Long> counts = new TreeMap<>(Map.of(
                            "authPolicies",
                            1L,
                            "controllers",
                            1L,
                            "identityTypes",
                            2L,
                            "cas",
                            0L,
                            "externalJwtSigners",
                            0L,
                            "mfas",
                            0L,
                            "postureChecks",
                            0L,
                            "eventualEvents",
                            0L));
                    rows.forEach(row -> counts.put((String) row[0], ((Number) row[1]).longValue()));
                    return Envelope.of(counts);
                }));
    }
}
