package io.postern.cli.tunnel;

/**
 * A wish for a local port.
 *
 * @param port 0 for any that is free
 */
public record Proxy(String service, int port) {
    /** Reads {@code SERVICE:PORT}; a name may have colons itself. */
    public static Proxy of(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= 65_535) {
                return new Proxy(text.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("'" + text + "' is no proxy: it looks like SERVICE:PORT");
    }
}
