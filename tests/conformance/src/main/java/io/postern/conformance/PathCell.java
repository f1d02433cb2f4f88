package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One look at a live circuit: its path begins at router B and ends at router A. */
final class PathCell {
    private final World world;
    private final Report report;

    PathCell(World world, Report report) {
        this.world = world;
        this.report = report;
    }

    void run(List<Client> dialers, List<Host> hosts) {
        if (dialers.isEmpty() || hosts.isEmpty()) {
            return;
        }
        Client dialer = dialers.getFirst();
        Host host = hosts.getFirst();
        report.cell("path/" + dialer.lane() + "-" + host.lane(), () -> {
            Set<String> before = new HashSet<>(circuits(world.network()).keySet());
            try (Stream stream = Stream.open(world, dialer, host, true, 60)) {
                stream.ticks(2, Duration.ofSeconds(20));
                Map<String, List<String>> now = circuits(world.network());
                now.keySet().removeAll(before);
                if (now.size() != 1) {
                    throw new Failed(now.size() + " new circuits instead of one: " + now);
                }
                List<String> path = now.values().iterator().next();
                if (path.size() < 2
                        || !path.getFirst().equals(world.network().routerBId())
                        || !path.getLast().equals(world.network().routerAId())) {
                    throw new Failed("path " + path);
                }
                return String.join(" > ", path);
            }
        });
    }

    /** The circuits that the controller knows: id to the routers on the path. */
    static Map<String, List<String>> circuits(Network network) {
        Map<String, List<String>> circuits = new java.util.HashMap<>();
        for (JsonNode circuit : network.admin().get("/fabric/v1/circuits?limit=500")) {
            List<String> nodes = new java.util.ArrayList<>();
            circuit.path("path")
                    .path("nodes")
                    .forEach(node -> nodes.add(node.path("id").asText()));
            circuits.put(circuit.path("id").asText(), nodes);
        }
        return circuits;
    }
}
