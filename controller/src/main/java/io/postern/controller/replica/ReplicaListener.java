package io.postern.controller.replica;

/** Hears on the network loop what becomes of the controllers. */
@FunctionalInterface
public interface ReplicaListener {
    /** @param before what was known until now; routers, liveness or members differ */
    void changed(ReplicaSet before, ReplicaSet now);
}
