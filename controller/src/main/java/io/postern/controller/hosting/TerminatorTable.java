package io.postern.controller.hosting;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The terminators by id and by service. One thread. */
final class TerminatorTable {
    private final Map<String, LiveTerminator> byId = new LinkedHashMap<>();
    private final Map<String, Map<String, LiveTerminator>> byService = new HashMap<>();

    Collection<LiveTerminator> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    Optional<LiveTerminator> get(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<LiveTerminator> of(String serviceId) {
        return byService.getOrDefault(serviceId, Map.of()).values();
    }

    List<LiveTerminator> on(String routerId) {
        return byId.values().stream()
                .filter(each -> each.routerId().equals(routerId))
                .toList();
    }

    void put(LiveTerminator terminator) {
        remove(terminator.terminatorId());
        byId.put(terminator.terminatorId(), terminator);
        byService
                .computeIfAbsent(terminator.serviceId(), service -> new LinkedHashMap<>())
                .put(terminator.terminatorId(), terminator);
    }

    Optional<LiveTerminator> remove(String id) {
        LiveTerminator old = byId.remove(id);
        if (old != null) {
            byService.computeIfPresent(old.serviceId(), (service, all) -> {
                all.remove(id);
                return all.isEmpty() ? null : all;
            });
        }
        return Optional.ofNullable(old);
    }

    List<LiveTerminator> removeIf(java.util.function.Predicate<LiveTerminator> which) {
        List<LiveTerminator> gone =
                new ArrayList<>(byId.values().stream().filter(which).toList());
        gone.forEach(each -> remove(each.terminatorId()));
        return gone;
    }
}
