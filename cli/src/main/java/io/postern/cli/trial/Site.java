package io.postern.cli.trial;

import io.postern.cli.Failure;
import java.net.URI;

/**
 * A web address of this machine or one that it reaches.
 *
 * @param path with its query; never empty
 */
record Site(boolean tls, String host, int port, String path) {
    static Site of(String text) {
        URI uri;
        try {
            uri = URI.create(
                    URI.create(text.contains("://") ? text : "http://" + text).toASCIIString());
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.USAGE, "'" + text + "' is no URL; it looks like http://localhost:8000/.");
        }
        boolean tls = "https".equals(uri.getScheme());
        if (!tls && !"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() > 65_535) {
            throw new Failure(Failure.USAGE, "'" + text + "' is no such URL; it looks like http://localhost:8000/.");
        }
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String whole = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        return new Site(tls, bare(uri.getHost()), uri.getPort() < 0 ? (tls ? 443 : 80) : uri.getPort(), whole);
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** As an HTTP request names it. */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }
}
