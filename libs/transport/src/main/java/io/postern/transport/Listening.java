package io.postern.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** Looks at an address before a server opens it, for servers that tell of one that is taken by a stack trace. */
public final class Listening {
    private Listening() {}

    /**
     * Why nobody can listen there now, as a sentence without its stop; nothing when one can. Port 0, any free one, is always
     * good. Blocks for a moment.
     */
    public static Optional<String> complaint(String host, int port) {
        if (port == 0) {
            return Optional.empty();
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as servers do, to follow upon one that has just ended
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                return Optional.of("cannot listen at " + host + ":" + port + ": nobody knows this name");
            }
            socket.bind(address);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("cannot listen at " + host + ":" + port + ": " + e.getMessage());
        }
    }
}
