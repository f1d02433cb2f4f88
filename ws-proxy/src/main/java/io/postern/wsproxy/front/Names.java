package io.postern.wsproxy.front;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names by which this server may be called. A page of another site whose name was made to lead here says its own name in
 * Host, and is refused by it.
 */
final class Names {
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> names;

    Names(List<String> configured) {
        names = java.util.stream.Stream.concat(LOOPBACK.stream(), configured.stream())
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param host as the header has it, with its port if it is not the scheme's own
     * @param port that the connection came in at
     */
    boolean admit(String host, String scheme, int port) {
        if (host.length() > 255) {
            return false;
        }
        String asked = host.toLowerCase(Locale.ROOT);
        int colon = portColon(asked);
        String name = colon < 0 ? asked : asked.substring(0, colon);
        int askedPort = colon < 0 ? ownPort(scheme) : number(asked.substring(colon + 1));
        return names.contains(name + ":" + askedPort) || names.contains(name) && askedPort == port;
    }

    /** Where the port begins in {@code host:port} and {@code [v6]:port}; -1 without one. */
    static int portColon(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? colon : -1;
    }

    static int ownPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    private static int number(String digits) {
        return digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : -1;
    }
}
