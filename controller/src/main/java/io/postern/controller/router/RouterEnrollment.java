package io.postern.controller.router;

import io.postern.controller.kernel.References;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/** The enrollment that an edge router waits on. */
record RouterEnrollment(String token, String jwt, Instant createdAt, Instant expiresAt) {
    /** By router id, for those of the ids that have one. */
    static Uni<Map<String, RouterEnrollment>> of(Mutiny.Session session, List<String> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        String sql = "select edge_router_id, token, jwt, created_at, expires_at from enrollment"
                + " where edge_router_id in (" + References.marks(ids.size()) + ")";
        return References.bound(session.createNativeQuery(sql, Object[].class), ids)
                .getResultList()
                .map(rows -> {
                    Map<String, RouterEnrollment> found = new HashMap<>();
                    rows.forEach(row -> found.put(
                            (String) row[0],
                            new RouterEnrollment((String) row[1], (String) row[2], instant(row[3]), instant(row[4]))));
                    return found;
                });
    }

    private static Instant instant(Object time) {
        return time instanceof OffsetDateTime offset ? offset.toInstant() : (Instant) time;
    }
}
