package io.postern.fabric.path;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The routers that may take part and the links between them, at one moment. Immutable; the cheapest paths out of a
 * router are computed once, when first asked for, and kept with the view. Any thread. Source: fabric sheet 4.1.
 */
public final class NetworkView {
    public static final int LEAST_ROUTER_COST = 10;
    /** Where a path's cost is cut off, so that no path outweighs a terminator's precedence. */
    public static final long MOST_PATH_COST = 1L << 20;

    private final Map<String, Node> nodes;
    private final Map<String, List<Hop>> hops;
    private final Map<String, Map<String, Path>> pathsFrom = new ConcurrentHashMap<>();

    /** The cheapest way over one link into a neighbour. */
    record Hop(String linkId, String to, long cost) {}

    private NetworkView(Map<String, Node> nodes, Map<String, List<Hop>> hops) {
        this.nodes = nodes;
        this.hops = hops;
    }

    /** Disabled and unconnected routers are left out by the caller; links to routers that are not in the view are ignored. */
    public static NetworkView of(Collection<Node> routers, Collection<Edge> links) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        routers.forEach(node -> nodes.put(node.routerId(), node));
        Map<String, Map<String, Hop>> cheapest = new HashMap<>();
        for (Edge link : links) {
            Node one = nodes.get(link.oneRouter());
            Node other = nodes.get(link.otherRouter());
            if (one != null && other != null && one != other) {
                offer(cheapest, one, other, link);
                offer(cheapest, other, one, link);
            }
        }
        Map<String, List<Hop>> hops = new HashMap<>();
        cheapest.forEach((router, out) -> hops.put(router, List.copyOf(out.values())));
        return new NetworkView(nodes, hops);
    }

    private static void offer(Map<String, Map<String, Hop>> cheapest, Node from, Node to, Edge link) {
        long cost = Math.max(0, link.cost()) + Math.max(LEAST_ROUTER_COST, to.cost());
        Hop hop = new Hop(link.linkId(), to.routerId(), cost);
        cheapest.computeIfAbsent(from.routerId(), router -> new LinkedHashMap<>())
                .merge(to.routerId(), hop, NetworkView::cheaper);
    }

    /** Equal costs are decided by the link's id, so that every controller decides alike. */
    private static Hop cheaper(Hop known, Hop offered) {
        int byCost = Long.compare(offered.cost(), known.cost());
        return byCost < 0 || byCost == 0 && offered.linkId().compareTo(known.linkId()) < 0 ? offered : known;
    }

    public boolean has(String routerId) {
        return nodes.containsKey(routerId);
    }

    /** The cheapest path, or empty when an end is not in the view or no links join them. */
    public Optional<Path> path(String ingress, String egress) {
        if (!nodes.containsKey(ingress)) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                pathsFrom.computeIfAbsent(ingress, this::cheapestFrom).get(egress));
    }

    private Map<String, Path> cheapestFrom(String source) {
        Map<String, Path> paths = new HashMap<>();
        new ShortestPaths(nodes, hops, source).forEach(paths::put);
        return paths;
    }

    /** The routers of the view, in the order given. */
    public List<Node> nodes() {
        return new ArrayList<>(nodes.values());
    }
}
