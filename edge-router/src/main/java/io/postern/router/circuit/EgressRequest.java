package io.postern.router.circuit;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;

/**
 * A Route that ends here and wants somebody to be dialed.
 *
 * @param address of the end in the forwarding table
 * @param destination the Terminator's address: for "edge" and "tunnel" the Terminator's id
 * @param peerData as the dialing side gave it; keys of fabric sheet 1.6
 * @param timeout how long the controller waits for the answer
 * @param tags of the Route: clientId, hostId, serviceId
 * @param loop a loop of the router to which the dialer may bind what it opens; it may answer with another
 */
public record EgressRequest(
        String circuitId,
        String address,
        String destination,
        Map<Integer, byte[]> peerData,
        Duration timeout,
        Map<String, String> tags,
        EventLoop loop) {}
