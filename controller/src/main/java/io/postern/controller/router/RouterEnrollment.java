package io.postern.controller.router;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The enrollment that an edge router waits on. */
record RouterEnrollment(String token, String jwt, Instant createdAt, Instant expiresAt) {
    /** The enrollment of the router {@code e}, as one JSON object. */
    static final String SQL = "(select json_build_object('token', x.token, 'jwt', x.jwt,"
            + " 'createdAt', extract(epoch from x.created_at) * 1000,"
            + " 'expiresAt', extract(epoch from x.expires_at) * 1000)"
            + " from enrollment x where x.edge_router_id = e.id limit 1)";

    static @Nullable RouterEnrollment of(@Nullable JsonObject found) {
        return found == null
                ? null
                : new RouterEnrollment(
                        found.getString("token"),
                        found.getString("jwt"),
                        time(found, "createdAt"),
                        time(found, "expiresAt"));
    }

    private static Instant time(JsonObject found, String name) {
        return Instant.ofEpochMilli(found.getNumber(name).longValue());
    }
}
