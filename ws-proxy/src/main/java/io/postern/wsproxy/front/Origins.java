package io.postern.wsproxy.front;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which pages may come in: this server's own and configured ones, compared whole. A client without an Origin is no browser,
 * and has no credentials that a page could borrow.
 */
final class Origins {
    private final Set<String> others;

    Origins(Iterable<String> configured) {
        others = java.util.stream.StreamSupport.stream(configured.spliterator(), false)
                .map(origin -> origin.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param origin as it was sent
     * @param ours where the client thinks it is, such as {@code https://gw.example:8443}
     * @param ticketed does a Zun client's ticket come with it? Its library prints some Origins wrong
     */
    boolean admit(String origin, String ours, boolean ticketed) {
        String asked = origin.strip().toLowerCase(Locale.ROOT);
        String own = withoutOwnPort(ours.toLowerCase(Locale.ROOT));
        if (asked.equals("null") || asked.isEmpty()) {
            return false;
        }
        return withoutOwnPort(asked).equals(own)
                || others.contains(asked)
                || ticketed
                        && (asked.equals(own + ":none")
                                || asked.equals(own.replace("[", "").replace("]", "")));
    }

    private static String withoutOwnPort(String origin) {
        if (origin.startsWith("https://") && origin.endsWith(":443")) {
            return origin.substring(0, origin.length() - 4);
        }
        return origin.startsWith("http://") && origin.endsWith(":80")
                ? origin.substring(0, origin.length() - 3)
                : origin;
    }
}
