package io.postern.controller.access;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Headers that tell a client how long its API Session lasts. */
public final class SessionHeaders {
    public static final String EXPIRATION_SECONDS = "expiration-seconds";
    public static final String EXPIRES_AT = "expires-at";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss.SSS '+0000 UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private SessionHeaders() {}

    public static String time(ApiSession session) {
        return TIME.format(session.expiresAt());
    }
}
