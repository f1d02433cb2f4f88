package io.postern.controller.link;

import io.postern.wire.ctrl.pb.LinkConnState;
import io.postern.wire.ctrl.pb.RouterLinks.RouterLink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What is known of all links. Soft state: a full refresh of a router replaces whatever was known of the links it dialed.
 * Methods return the links that stopped carrying circuits. Knows no clock and no channel; one thread.
 * Source: fabric sheet 3.6.
 */
final class LinkTable {
    private final Map<String, KnownLink> byId = new LinkedHashMap<>();

    Collection<KnownLink> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    Optional<KnownLink> get(String linkId) {
        return Optional.ofNullable(byId.get(linkId));
    }

    /** Only the dialer reports. Of a full refresh, links that are missing are gone. */
    List<KnownLink> reported(String source, List<RouterLink> links, boolean full, long nanos) {
        Set<String> named = new HashSet<>();
        for (RouterLink each : links) {
            named.add(each.getId());
            reported(source, each, nanos);
        }
        List<KnownLink> lost = new ArrayList<>();
        if (full) {
            for (KnownLink known : List.copyOf(byId.values())) {
                if (known.source().equals(source) && !named.contains(known.linkId())) {
                    byId.remove(known.linkId());
                    if (known.up()) {
                        lost.add(known);
                    }
                }
            }
        }
        return lost;
    }

    private void reported(String source, RouterLink link, long nanos) {
        KnownLink known = byId.get(link.getId());
        if (known != null
                && (!known.source().equals(source)
                        || Integer.compareUnsigned(known.iteration(), link.getIteration()) > 0)) {
            return;
        }
        boolean same = known != null && known.iteration() == link.getIteration() && known.up();
        var dialed = new KnownLink.Dialed(
                link.getId(),
                link.getIteration(),
                source,
                link.getDestRouterId(),
                link.getLinkProtocol(),
                link.getDialAddress());
        byId.put(
                link.getId(),
                new KnownLink(
                        dialed,
                        known == null ? 1 : known.staticCost(),
                        link.getConnState().getStateIteration(),
                        link.getConnState().getConnsList(),
                        known == null ? KnownLink.Latency.UNKNOWN : known.latency(),
                        true,
                        known != null && known.down(),
                        same ? known.since() : nanos));
    }

    /** A link whose last connection went is down before its fault arrives. */
    Optional<KnownLink> stateChanged(String linkId, int iteration, LinkConnState state, long nanos) {
        KnownLink known = byId.get(linkId);
        if (known == null
                || known.iteration() != iteration
                || Integer.compareUnsigned(state.getStateIteration(), known.stateIteration()) < 0) {
            return Optional.empty();
        }
        KnownLink now = known.withConnections(state.getStateIteration(), state.getConnsList(), nanos);
        byId.put(linkId, now);
        return known.up() && !now.up() ? Optional.of(now) : Optional.empty();
    }

    /**
     * An end says the link is closed or a duplicate. Reports of an older dial are ignored.
     *
     * @return the link, when it was up
     */
    Optional<KnownLink> faulted(String reporter, String linkId, int iteration, long nanos) {
        KnownLink known = byId.get(linkId);
        if (known == null
                || !known.touches(reporter)
                || Integer.compareUnsigned(iteration, known.iteration()) < 0
                || !known.up()) {
            return Optional.empty();
        }
        KnownLink failed = known.withUp(false, nanos);
        byId.put(linkId, failed);
        return Optional.of(failed);
    }

    /** Mean latency plus mean queue time, as one end measured it. True when it was news. */
    boolean measured(String reporter, String linkId, long latencyNanos) {
        KnownLink known = byId.get(linkId);
        if (known == null || !known.touches(reporter)) {
            return false;
        }
        KnownLink.Latency old = known.latency();
        KnownLink.Latency now = known.source().equals(reporter)
                ? new KnownLink.Latency(latencyNanos, old.destination())
                : new KnownLink.Latency(old.source(), latencyNanos);
        if (now.equals(old)) {
            return false;
        }
        byId.put(linkId, known.withLatency(now));
        return true;
    }

    /** All links that touch a router which is not coming back. */
    List<KnownLink> removeOf(String routerId) {
        List<KnownLink> lost = new ArrayList<>();
        for (KnownLink known : List.copyOf(byId.values())) {
            if (known.touches(routerId)) {
                byId.remove(known.linkId());
                if (known.up()) {
                    lost.add(known);
                }
            }
        }
        return lost;
    }

    /** Forgets links that have been down since before a time. */
    void forgetDead(long beforeNanos) {
        byId.values().removeIf(known -> !known.up() && known.since() - beforeNanos < 0);
    }

    Optional<KnownLink> change(String linkId, UnaryOperator<KnownLink> change) {
        return Optional.ofNullable(byId.computeIfPresent(linkId, (id, known) -> change.apply(known)));
    }
}
