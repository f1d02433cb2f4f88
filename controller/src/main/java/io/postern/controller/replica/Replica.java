package io.postern.controller.replica;

import java.time.Instant;
import java.util.Map;

/**
 * A controller as it last said of itself.
 *
 * @param instance another one at each start
 * @param controlAddress where routers dial, like {@code tls:host:port}; replicas behind a balancer may share it
 * @param url where clients reach it, {@code https://host:port}
 * @param certPem leaf of its HTTPS port
 * @param fingerprint of that leaf
 * @param heardAt when it last said that it lives, by the database's clock
 * @param online heard of lately
 * @param routersVersion grows with each change of {@code routers}
 * @param routers by id, those with a control channel to it
 */
public record Replica(
        String id,
        String instance,
        String version,
        String controlAddress,
        String url,
        String certPem,
        String fingerprint,
        Instant joinedAt,
        Instant heardAt,
        boolean online,
        long routersVersion,
        Map<String, RouterSeen> routers) {
    public Replica {
        routers = Map.copyOf(routers);
    }

    Replica with(Map<String, RouterSeen> seen) {
        return new Replica(
                id,
                instance,
                version,
                controlAddress,
                url,
                certPem,
                fingerprint,
                joinedAt,
                heardAt,
                online,
                routersVersion,
                seen);
    }
}
