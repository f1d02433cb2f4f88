package io.postern.controller.link;

/** Hears on the network loop what becomes of the network circuits run over. */
public interface TopologyListener {
    /** A link stopped carrying circuits. */
    void linkLost(KnownLink link);

    /** Routers or links came: what had no path may have one. */
    void networkGrew();

    /** A router is about to go: what only passes through it had better take another way. */
    default void routerLeaves(String routerId) {}
}
