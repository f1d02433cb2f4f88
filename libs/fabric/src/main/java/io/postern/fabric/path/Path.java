package io.postern.fabric.path;

import java.util.List;

/**
 * Routers from ingress to egress and the links between them, one fewer than routers.
 *
 * @param cost the sum of its hops, at most {@link NetworkView#MOST_PATH_COST}
 */
public record Path(List<String> routers, List<String> links, long cost) {
    public Path {
        routers = List.copyOf(routers);
        links = List.copyOf(links);
        if (routers.isEmpty() || links.size() != routers.size() - 1) {
            throw new IllegalArgumentException(
                    routers.size() + " routers cannot be joined by " + links.size() + " links");
        }
    }

    public String ingress() {
        return routers.getFirst();
    }

    public String egress() {
        return routers.getLast();
    }

    public boolean uses(String linkId) {
        return links.contains(linkId);
    }

    public boolean visits(String routerId) {
        return routers.contains(routerId);
    }
}
