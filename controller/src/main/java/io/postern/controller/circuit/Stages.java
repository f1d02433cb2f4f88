package io.postern.controller.circuit;

/** How long each stage of a dial took, in nanoseconds. Confined to the network loop. */
final class Stages {
    private final long arrived;
    private long permitted;
    private long planned;
    private long routed;

    Stages(long arrivedNanos) {
        this.arrived = arrivedNanos;
    }

    void permitted() {
        permitted = System.nanoTime();
    }

    /** Of the last attempt. */
    void planned() {
        planned = System.nanoTime();
    }

    void routed() {
        routed = System.nanoTime();
    }

    long authorization() {
        return Math.max(0, permitted - arrived);
    }

    long path() {
        return Math.max(0, planned - permitted);
    }

    long route() {
        return Math.max(0, routed - planned);
    }

    long total() {
        return System.nanoTime() - arrived;
    }
}
