package io.postern.controller.link;

import io.postern.fabric.path.Edge;
import io.postern.wire.ctrl.pb.LinkConn;
import java.util.List;

/**
 * A link as its dialer reported it. Immutable.
 *
 * @param stateIteration of the list of connections
 * @param latency nanoseconds seen from either end, queue time included
 * @param up carries circuits
 * @param down taken out by an administrator
 * @param since {@link System#nanoTime} of the last going up or down
 */
public record KnownLink(
        Dialed dialed,
        int staticCost,
        int stateIteration,
        List<LinkConn> connections,
        Latency latency,
        boolean up,
        boolean down,
        long since) {

    /**
     * What stays as long as the link does.
     *
     * @param iteration of the dial; reports of an older one mean a link that is gone
     */
    record Dialed(
            String linkId, int iteration, String source, String destination, String protocol, String dialAddress) {}

    /** Until an end reports, a link is taken to be slow, so that a proven one is preferred. Source: fabric sheet 4.1. */
    static final long UNKNOWN_NANOS = 65_000_000_000L;

    /** Nanoseconds from the source's and from the destination's side. */
    public record Latency(long source, long destination) {
        static final Latency UNKNOWN = new Latency(UNKNOWN_NANOS, UNKNOWN_NANOS);

        long millis() {
            return source / 1_000_000 + destination / 1_000_000;
        }
    }

    public KnownLink {
        connections = List.copyOf(connections);
    }

    public String linkId() {
        return dialed.linkId();
    }

    public int iteration() {
        return dialed.iteration();
    }

    public String source() {
        return dialed.source();
    }

    public String destination() {
        return dialed.destination();
    }

    public String protocol() {
        return dialed.protocol();
    }

    public String dialAddress() {
        return dialed.dialAddress();
    }

    /** Milliseconds both ways plus the static cost. */
    public long cost() {
        return staticCost + latency.millis();
    }

    public boolean usable() {
        return up && !down;
    }

    public boolean touches(String routerId) {
        return source().equals(routerId) || destination().equals(routerId);
    }

    public String other(String routerId) {
        return source().equals(routerId) ? destination() : source();
    }

    Edge edge() {
        return new Edge(linkId(), source(), destination(), cost());
    }

    KnownLink withConnections(int newStateIteration, List<LinkConn> now, long nanos) {
        boolean lost = now.isEmpty() && !connections.isEmpty();
        long at = lost ? nanos : since;
        return new KnownLink(dialed, staticCost, newStateIteration, now, latency, up && !lost, down, at);
    }

    KnownLink withLatency(Latency value) {
        return new KnownLink(dialed, staticCost, stateIteration, connections, value, up, down, since);
    }

    KnownLink withUp(boolean value, long nanos) {
        return new KnownLink(dialed, staticCost, stateIteration, connections, latency, value, down, nanos);
    }

    public KnownLink withSettings(int newStaticCost, boolean newDown) {
        return new KnownLink(dialed, newStaticCost, stateIteration, connections, latency, up, newDown, since);
    }
}
