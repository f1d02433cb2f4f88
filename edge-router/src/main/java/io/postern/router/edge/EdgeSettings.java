package io.postern.router.edge;

import java.time.Duration;
import java.util.List;

/**
 * Bounds and waits of the SDK listener.
 *
 * @param circuitTimeout how long a Connect waits for the controller
 * @param dialTimeout how long a host may take to answer a Dial; the Route's own time shortens it
 * @param terminatorTimeout how long the controller may take to answer about a terminator
 * @param mostConnections virtual connections and binds of one Channel together
 * @param mostWaiting bytes of one connection a client may send ahead of its circuit before its whole Channel is not read
 * @param mostWaitingInAll the same for all connections of a Channel together
 * @param mostDials Connects of one Channel that wait for their answer
 * @param settling how long a host that chooses its own ids is given between StateConnected and the first Data: JVM 0.22
 *     registers the connection only after it has read StateConnected, and drops what stands right behind it
 * @param patience a refused token or policy is looked at again after each of these, for the model may lag behind the
 *     client by a moment: a session is used as soon as the controller has given it
 */
public record EdgeSettings(
        Duration circuitTimeout,
        Duration dialTimeout,
        Duration terminatorTimeout,
        int mostConnections,
        int mostWaiting,
        int mostWaitingInAll,
        int mostDials,
        Duration settling,
        List<Duration> patience) {

    public static final EdgeSettings DEFAULT = new EdgeSettings(
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            65_536,
            4 * 1024 * 1024,
            32 * 1024 * 1024,
            4_096,
            Duration.ofMillis(10),
            List.of(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400)));

    public EdgeSettings {
        patience = List.copyOf(patience);
    }
}
