package io.postern.wsproxy.hub;

import java.time.Duration;

/** Lengths of time as people say them. */
final class Lengths {
    private Lengths() {}

    static String words(Duration length) {
        if (length.compareTo(Duration.ofMinutes(2)) < 0) {
            return length.toSeconds() + " seconds";
        }
        return length.compareTo(Duration.ofHours(2)) < 0
                ? length.toMinutes() + " minutes"
                : length.toHours() + " hours";
    }
}
