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
     * @param path inside the container
     */
    record Place(Target target, String path) {
        /**
         * Reads {@code HOST/NAME:PATH}. What has a slash before its first colon and is no path that begins with a slash, a
         * dot or a tilde, is one; everything else is a file here.
         */
        static Optional<Place> of(String text) {
            int colon = text.indexOf(':');
            int slash = text.indexOf('/');
            if (colon < 0 || slash < 1 || slash > colon || text.startsWith(".") || text.startsWith("~")) {
                return Optional.empty();
            }
            String path = text.substring(colon + 1);
            if (path.isEmpty()) {
                throw new Failure(Failure.USAGE, "'" + text + "' has no path behind the colon.");
            }
            return Optional.of(new Place(Target.of(text.substring(0, colon)), path));
        }
    }
}
