package io.postern.router.edge;

/** What a Channel carries under a connection id, and takes down with it. */
sealed interface Carried permits EdgeConnection, Bound, PendingConnect {
    /** Once, on the Channel's loop; the Channel takes nothing any more. */
    void channelLost(String why);
}
