package io.postern.fabric.path;

/**
 * A connected router as the planner sees it.
 *
 * @param cost what entering it costs; less than {@link NetworkView#LEAST_ROUTER_COST} counts as that
 * @param noTraversal may only stand at the end of a path
 */
public record Node(String routerId, int cost, boolean noTraversal) {}
