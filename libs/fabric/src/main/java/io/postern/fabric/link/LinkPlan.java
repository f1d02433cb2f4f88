package io.postern.fabric.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Level-triggered plan of the Links this router dials: from its dialers and from what the controller says of its peers
 * follows what should be up; {@link #due} names what is not and may be tried now. Times are nanoseconds of a monotonic clock.
 * Not thread-safe. Fabric sheet 3.1, 3.6.
 */
public final class LinkPlan {
    /** One of our dialers. */
    public record Dialer(String binding, Set<String> groups) {}

    /** One listener of a peer. */
    public record Listener(String address, String protocol, String binding, Set<String> groups) {}

    /** A dial to make now. */
    public record Dial(LinkKey key, String linkId, int iteration, String address) {}

    private enum Health {
        HEALTHY,
        UNHEALTHY
    }

    private static final class Peer {
        Health health = Health.HEALTHY;
        List<Listener> listeners = List.of();
    }

    /** What is remembered of one wanted Link, across its redials. */
    private static final class Wanted {
        final LinkKey key;
        final String linkId;
        String address;
        int iteration;
        boolean busy;
        long next;
        Duration delay = FIRST_DELAY;

        Wanted(LinkKey key, String linkId, String address, long now) {
            this.key = key;
            this.linkId = linkId;
            this.address = address;
            this.next = now;
        }
    }

    private static final Duration FIRST_DELAY = Duration.ofMillis(500);
    private static final Duration HEALTHY_MOST = Duration.ofSeconds(30);
    private static final Duration UNHEALTHY_MOST = Duration.ofMinutes(10);
    private static final Set<String> PROTOCOLS = Set.of("tls");

    private final List<Dialer> dialers;
    private final Supplier<String> linkIds;
    private final DoubleSupplier random;
    private final Map<String, Peer> peers = new HashMap<>();
    private final Map<LinkKey, Wanted> wanted = new HashMap<>();

    /**
     * @param linkIds makes ids nobody else has
     * @param random from 0 to 1, so that routers do not redial in step
     */
    public LinkPlan(List<Dialer> dialers, Supplier<String> linkIds, DoubleSupplier random) {
        this.dialers = List.copyOf(dialers);
        this.linkIds = linkIds;
        this.random = random;
    }

    /** The peer is connected to a controller and listens there. It is tried at once, whatever failed before. */
    public void healthy(String routerId, List<Listener> listeners, long now) {
        Peer peer = peers.computeIfAbsent(routerId, unused -> new Peer());
        peer.health = Health.HEALTHY;
        peer.listeners = List.copyOf(listeners);
        reconcile(now);
        for (Wanted link : wanted.values()) {
            if (link.key.routerId().equals(routerId)) {
                link.delay = FIRST_DELAY;
                link.next = Math.min(link.next, now);
            }
        }
    }

    /** The peer lost its controllers; its Links may well work, and are tried more rarely if not. */
    public void unhealthy(String routerId) {
        Peer peer = peers.get(routerId);
        if (peer != null) {
            peer.health = Health.UNHEALTHY;
        }
    }

    /** The peer is no more. */
    public void removed(String routerId) {
        peers.remove(routerId);
        wanted.keySet().removeIf(key -> key.routerId().equals(routerId));
    }

    public boolean knows(String routerId) {
        return peers.containsKey(routerId);
    }

    private void reconcile(long now) {
        Map<LinkKey, String> addresses = new HashMap<>();
        peers.forEach((routerId, peer) -> {
            for (Dialer dialer : dialers) {
                for (Listener listener : peer.listeners) {
                    if (fits(dialer, listener)) {
                        addresses.put(
                                new LinkKey(dialer.binding(), listener.protocol(), routerId, listener.binding()),
                                listener.address());
                    }
                }
            }
        });
        wanted.keySet().retainAll(addresses.keySet());
        addresses.forEach((key, address) ->
                wanted.computeIfAbsent(key, unused -> new Wanted(key, linkIds.get(), address, now)).address = address);
    }

    private static boolean fits(Dialer dialer, Listener listener) {
        Set<String> shared = new TreeSet<>(dialer.groups());
        shared.retainAll(listener.groups());
        return PROTOCOLS.contains(listener.protocol()) && !shared.isEmpty();
    }

    /** @param up keys of the Links that are up, dialled or accepted */
    public List<Dial> due(Set<LinkKey> up, long now) {
        List<Dial> dials = new ArrayList<>();
        for (Wanted link : wanted.values()) {
            if (!link.busy && !up.contains(link.key) && link.next <= now) {
                link.busy = true;
                link.iteration++;
                dials.add(new Dial(link.key, link.linkId, link.iteration, link.address));
            }
        }
        return dials;
    }

    /** A dial ended, well or not; until then it is not due again. */
    public void dialled(LinkKey key, boolean up, long now) {
        Wanted link = wanted.get(key);
        if (link == null) {
            return;
        }
        link.busy = false;
        if (up) {
            link.delay = FIRST_DELAY;
        }
        later(link, now);
    }

    /** A Link of this key was lost. */
    public void lost(LinkKey key, long now) {
        Wanted link = wanted.get(key);
        if (link != null) {
            later(link, now);
        }
    }

    private void later(Wanted link, long now) {
        Peer peer = peers.get(link.key.routerId());
        boolean healthy = peer != null && peer.health == Health.HEALTHY;
        Duration most = healthy ? HEALTHY_MOST : UNHEALTHY_MOST;
        long nanos = Math.min(link.delay.toNanos(), most.toNanos());
        link.next = now + (long) (nanos * (0.5 + random.getAsDouble()));
        link.delay = Duration.ofNanos(Math.min(most.toNanos(), (long) (nanos * (healthy ? 1.5 : 4))));
    }

    /** Ids of dialled Links that are not wanted any more, out of those given. */
    public List<LinkKey> unwanted(Set<LinkKey> dialled) {
        List<LinkKey> gone = new ArrayList<>(dialled);
        for (Iterator<LinkKey> i = gone.iterator(); i.hasNext(); ) {
            if (wanted.containsKey(i.next())) {
                i.remove();
            }
        }
        return gone;
    }
}
