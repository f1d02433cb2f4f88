package io.postern.cli.console;

import io.postern.cli.Failure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A container as people name it: {@code HOST/NAME}, where NAME may be an id as well. */
record Target(String host, String container) {
    static Target of(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
            throw new Failure(
                    Failure.USAGE,
                    "'" + text + "' names no container: it is HOST/NAME, as 'postern containers' lists them.");
        }
        return new Target(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Path of the container in ws-proxy's API. */
    String path() {
        return "/v1/hosts/" + encoded(host) + "/containers/" + encoded(container);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * A side of a copy that is in a container.
     *
     * @param container as it was named, HOST/NAME or NAME
     * @param path inside the container, from its root
     */
    record Place(String container, String path) {
        /**
         * Reads {@code [HOST/]NAME:PATH}. What has a colon and is no path that begins with a slash, a dot or a tilde is one,
         * as for container engines; everything else is a file here, and so is what has two slashes before the colon.
         */
        static Optional<Place> of(String text) {
            int colon = text.indexOf(':');
            String container = colon < 0 ? "" : text.substring(0, colon);
            if (container.isEmpty() || container.matches("[/.~].*|[^/]*/[^/]*/.*")) {
                return Optional.empty();
            }
            String path = text.substring(colon + 1);
            if (path.isEmpty()) {
                throw new Failure(Failure.USAGE, "'" + text + "' has no path behind the colon.");
            }
            return Optional.of(new Place(container, path.startsWith("/") ? path : "/" + path));
        }
    }
}
