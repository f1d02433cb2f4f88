package io.postern.router.edge;

import io.postern.wire.edgectrl.pb.ConnectEvents;
import io.postern.wire.edgectrl.pb.ConnectEvents.ConnectDetails;
import io.postern.wire.edgectrl.pb.ConnectEvents.IdentityConnectEvents;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which identities are connected to this router, as controllers are told: changes in batches, everything now and then.
 * Given the time; thread-safe. Source: fabric sheet 1.4 (ConnectEvents), 2.2 (connectEvents).
 */
final class Presence {
    private record Visit(Instant since, String from, String to) {}

    private final Map<String, Map<String, Visit>> byIdentity = new HashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();

    synchronized void opened(String identityId, String channelId, Instant now, String from, String to) {
        byIdentity.computeIfAbsent(identityId, id -> new LinkedHashMap<>()).put(channelId, new Visit(now, from, to));
        changed.add(identityId);
    }

    synchronized void closed(String identityId, String channelId) {
        Map<String, Visit> visits = byIdentity.get(identityId);
        if (visits != null && visits.remove(channelId) != null) {
            if (visits.isEmpty()) {
                byIdentity.remove(identityId);
            }
            changed.add(identityId);
        }
    }

    /** What has changed since the last call, or nothing. */
    synchronized Optional<ConnectEvents> changes() {
        if (changed.isEmpty()) {
            return Optional.empty();
        }
        ConnectEvents.Builder events = ConnectEvents.newBuilder();
        changed.forEach(identityId -> events.addEvents(event(identityId)));
        changed.clear();
        return Optional.of(events.build());
    }

    /** Everybody who is here; who is not in it is not. */
    synchronized ConnectEvents all() {
        ConnectEvents.Builder events = ConnectEvents.newBuilder().setFullState(true);
        byIdentity.keySet().forEach(identityId -> events.addEvents(event(identityId)));
        return events.build();
    }

    private IdentityConnectEvents event(String identityId) {
        Map<String, Visit> visits = byIdentity.getOrDefault(identityId, Map.of());
        IdentityConnectEvents.Builder event =
                IdentityConnectEvents.newBuilder().setIdentityId(identityId).setIsConnected(!visits.isEmpty());
        visits.values()
                .forEach(visit -> event.addConnectTimes(ConnectDetails.newBuilder()
                        .setConnectTime(visit.since.toEpochMilli())
                        .setSrcAddr(visit.from)
                        .setDstAddr(visit.to)));
        return event.build();
    }
}
