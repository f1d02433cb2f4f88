package io.postern.controller.replica;

import java.util.Map;

/**
 * What a router says of itself on a control channel.
 *
 * @param hostname as it names itself, may be empty
 * @param protocols scheme to URL, where clients reach it
 * @param version text of its hello
 */
public record RouterSeen(String hostname, Map<String, String> protocols, String version) {
    public RouterSeen {
        protocols = Map.copyOf(protocols);
    }
}
