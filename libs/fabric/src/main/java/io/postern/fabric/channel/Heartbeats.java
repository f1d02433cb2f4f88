package io.postern.fabric.channel;

import java.time.Duration;

/**
 * When to send heartbeats and when to give a silent peer up. Fabric sheet 0.5.
 *
 * @param send time between two heartbeats
 * @param closeUnresponsive the channel is closed when no heartbeat was answered for so long
 */
public record Heartbeats(Duration send, Duration closeUnresponsive) {
    /** As stock routers and controllers have them between each other. */
    public static final Heartbeats CONTROL = new Heartbeats(Duration.ofSeconds(10), Duration.ofSeconds(30));
    /** As stock routers have them between each other. */
    public static final Heartbeats LINK = new Heartbeats(Duration.ofSeconds(10), Duration.ofSeconds(60));
}
