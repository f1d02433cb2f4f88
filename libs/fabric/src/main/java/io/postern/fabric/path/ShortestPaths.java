package io.postern.fabric.path;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BiConsumer;

/** Dijkstra from one router. A router that allows no traversal is reached, never passed. Used once, by one thread. */
final class ShortestPaths {
    private final Map<String, Node> nodes;
    private final Map<String, List<NetworkView.Hop>> hops;
    private final String source;
    private final Map<String, Reached> reached = new HashMap<>();

    private record Reached(String router, long cost, int length, String from, NetworkView.Hop by) {}

    ShortestPaths(Map<String, Node> nodes, Map<String, List<NetworkView.Hop>> hops, String source) {
        this.nodes = nodes;
        this.hops = hops;
        this.source = source;
        search();
    }

    private void search() {
        PriorityQueue<Reached> open = new PriorityQueue<>(Comparator.comparingLong(Reached::cost)
                .thenComparingInt(Reached::length)
                .thenComparing(Reached::router));
        Reached start = new Reached(source, 0, 0, source, new NetworkView.Hop("", source, 0));
        reached.put(source, start);
        open.add(start);
        Set<String> settled = new HashSet<>();
        while (!open.isEmpty()) {
            Reached at = open.poll();
            if (settled.add(at.router()) && mayPass(at.router())) {
                for (NetworkView.Hop hop : hops.getOrDefault(at.router(), List.of())) {
                    improve(open, at, hop);
                }
            }
        }
    }

    private boolean mayPass(String router) {
        return router.equals(source) || !nodes.get(router).noTraversal();
    }

    private void improve(PriorityQueue<Reached> open, Reached at, NetworkView.Hop hop) {
        Reached next = new Reached(hop.to(), at.cost() + hop.cost(), at.length() + 1, at.router(), hop);
        Reached known = reached.get(hop.to());
        if (known == null || next.cost() < known.cost()) {
            reached.put(hop.to(), next);
            open.add(next);
        }
    }

    void forEach(BiConsumer<String, Path> sink) {
        reached.values().forEach(end -> sink.accept(end.router(), pathTo(end)));
    }

    private Path pathTo(Reached end) {
        Deque<String> routers = new ArrayDeque<>();
        Deque<String> links = new ArrayDeque<>();
        Reached at = end;
        while (!at.router().equals(source)) {
            routers.addFirst(at.router());
            links.addFirst(at.by().linkId());
            at = reached.get(at.from());
        }
        routers.addFirst(source);
        return new Path(
                new ArrayList<>(routers), new ArrayList<>(links), Math.min(end.cost(), NetworkView.MOST_PATH_COST));
    }
}
