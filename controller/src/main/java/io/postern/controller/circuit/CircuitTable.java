package io.postern.controller.circuit;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The circuits by id, and by each link they run over. One thread. */
final class CircuitTable {
    private final Map<String, LiveCircuit> byId = new LinkedHashMap<>();
    private final Map<String, Set<String>> byLink = new HashMap<>();

    Collection<LiveCircuit> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    int size() {
        return byId.size();
    }

    Optional<LiveCircuit> get(String circuitId) {
        return Optional.ofNullable(byId.get(circuitId));
    }

    /** A copy: rerouting changes what runs over the link. */
    List<String> over(String linkId) {
        return List.copyOf(byLink.getOrDefault(linkId, Set.of()));
    }

    void put(LiveCircuit circuit) {
        remove(circuit.circuitId());
        byId.put(circuit.circuitId(), circuit);
        for (String link : circuit.path().links()) {
            byLink.computeIfAbsent(link, id -> new LinkedHashSet<>()).add(circuit.circuitId());
        }
    }

    Optional<LiveCircuit> remove(String circuitId) {
        LiveCircuit old = byId.remove(circuitId);
        if (old != null) {
            for (String link : old.path().links()) {
                byLink.computeIfPresent(link, (id, circuits) -> {
                    circuits.remove(circuitId);
                    return circuits.isEmpty() ? null : circuits;
                });
            }
        }
        return Optional.ofNullable(old);
    }
}
