package io.postern.transport;

import java.util.Locale;

/**
 * Where a stream peer listens, as routers and controllers write it: {@code tls:host:port} or {@code tls://host:port}, IPv6
 * in brackets. Fabric sheet 0.6.
 */
public record Address(String host, int port) {

    /** @throws IllegalArgumentException a sentence that names the text */
    public static Address parse(String text) {
        String rest = text.strip();
        int colon = rest.indexOf(':');
        String scheme = colon < 0 ? "" : rest.substring(0, colon).toLowerCase(Locale.ROOT);
        if (scheme.equals("tls")) {
            rest = rest.substring(colon + 1);
            rest = rest.startsWith("//") ? rest.substring(2) : rest;
        } else if (scheme.matches("tcp|ws|wss|dtls|udp|http|https")) {
            throw new IllegalArgumentException("address " + text + " is not a tls address");
        }
        return hostAndPort(rest, text);
    }

    private static Address hostAndPort(String rest, String text) {
        int last = rest.lastIndexOf(':');
        String host = last < 0 ? "" : rest.substring(0, last);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = last < 0 ? -1 : port(rest.substring(last + 1));
        if (host.isEmpty() || port < 0) {
            throw new IllegalArgumentException("address " + text + " is not tls:host:port");
        }
        return new Address(host, port);
    }

    private static int port(String digits) {
        if (!digits.matches("[0-9]{1,5}")) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        return port > 65_535 ? -1 : port;
    }

    /** {@code tls:host:port}. */
    @Override
    public String toString() {
        return "tls:" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
