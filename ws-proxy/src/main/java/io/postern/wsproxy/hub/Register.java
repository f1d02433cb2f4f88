package io.postern.wsproxy.hub;

import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.EngineRefusal;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts places by user and container and keeps them within limits. Pure but for its lock; any thread. */
final class Register {
    /** A container, wherever it is. */
    record Where(String host, String container) {
        static Where of(ContainerFacts facts) {
            return new Where(facts.host().value(), facts.id());
        }
    }

    /** A counted place; give it back once. */
    record Ticket(String user, Where where) {}

    private final Map<String, Integer> users = new HashMap<>();
    private final Map<Where, Integer> containers = new HashMap<>();
    private final Map<SessionId, Place> places = new LinkedHashMap<>();
    private boolean draining;

    synchronized Ticket admit(Subject who, ContainerFacts container, int perUser, int perContainer) {
        if (draining) {
            throw new EngineRefusal(EngineRefusal.Code.DRAINING, "this proxy is ending; ask another one");
        }
        Ticket ticket = new Ticket(who.identityId(), Where.of(container));
        if (users.getOrDefault(ticket.user(), 0) >= perUser) {
            throw new EngineRefusal(
                    EngineRefusal.Code.LIMIT, "you have " + perUser + " consoles, which is the limit; close one first");
        }
        if (containers.getOrDefault(ticket.where(), 0) >= perContainer) {
            throw new EngineRefusal(
                    EngineRefusal.Code.LIMIT,
                    "container " + container.name() + " has " + perContainer + " consoles, which is the limit");
        }
        users.merge(ticket.user(), 1, Integer::sum);
        containers.merge(ticket.where(), 1, Integer::sum);
        return ticket;
    }

    synchronized void giveBack(Ticket ticket) {
        users.computeIfPresent(ticket.user(), (user, count) -> count > 1 ? count - 1 : null);
        containers.computeIfPresent(ticket.where(), (where, count) -> count > 1 ? count - 1 : null);
    }

    synchronized void add(Place place) {
        places.put(place.key(), place);
    }

    synchronized void remove(Place place) {
        places.remove(place.key(), place);
    }

    synchronized Optional<Place> find(SessionId session) {
        return Optional.ofNullable(places.get(session));
    }

    synchronized Collection<Place> all() {
        return List.copyOf(places.values());
    }

    synchronized void drain() {
        draining = true;
    }
}
