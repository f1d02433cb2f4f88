package io.postern.controller.identity;

import io.postern.controller.kernel.Found;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the view of an identity tells of other kinds.
 *
 * @param authenticators by method
 * @param enrollments by method
 */
record IdentityDetails(Map<String, Object> authenticators, Map<String, Object> enrollments, boolean hasApiSession) {
    private static final String EXPIRES = "expiresAt";

    /** Over the identity {@code e}. Of two authenticators with one method the younger is shown. */
    static final List<String> SQL = List.of(
            "(select json_object_agg(x.method, json_strip_nulls(json_build_object("
                    + "'id', x.id, 'username', x.username, 'fingerprint', x.fingerprint)) order by x.created_at)"
                    + " from authenticator x where x.identity_id = e.id)",
            "(select json_object_agg(x.method, json_strip_nulls(json_build_object("
                    + "'id', x.id, 'token', x.token, 'jwt', x.jwt,"
                    + " '" + EXPIRES + "', extract(epoch from x.expires_at) * 1000, 'username', x.username)))"
                    + " from enrollment x where x.identity_id = e.id)",
            "exists (select from api_session x where x.identity_id = e.id and x.expires_at > now())");

    static IdentityDetails of(Found<?> found) {
        Map<String, Object> enrollments = found.map(1);
        enrollments.values().forEach(IdentityDetails::readTime);
        return new IdentityDetails(found.map(0), enrollments, found.truth(2));
    }

    @SuppressWarnings("unchecked") // the object that the SQL built
    private static void readTime(Object enrollment) {
        ((Map<String, Object>) enrollment)
                .computeIfPresent(EXPIRES, (name, millis) -> Instant.ofEpochMilli(((Number) millis).longValue()));
    }
}
