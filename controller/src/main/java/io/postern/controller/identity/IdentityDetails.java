package io.postern.controller.identity;

import io.postern.controller.kernel.References;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What views of identities tell of other kinds, read for a whole page at once. */
final class IdentityDetails {
    private final Map<String, Map<String, Object>> authenticators = new HashMap<>();
    private final Map<String, Map<String, Object>> enrollments = new HashMap<>();
    private final Set<String> withApiSession = new HashSet<>();

    private IdentityDetails() {}

    static Uni<IdentityDetails> read(Mutiny.Session session, List<IdentityRow> rows) {
        var details = new IdentityDetails();
        List<String> ids = rows.stream().map(IdentityRow::id).toList();
        if (ids.isEmpty()) {
            return Uni.createFrom().item(details);
        }
        String in = " in (" + References.marks(ids.size()) + ")";
        return all(
                        session,
                        "select identity_id, id, method, username, fingerprint from authenticator"
                                + " where identity_id" + in + " order by created_at",
                        ids)
                .invoke(found -> found.forEach(details::authenticator))
                .chain(() -> all(
                        session,
                        "select identity_id, id, method, token, jwt, expires_at, username"
                                + " from enrollment where identity_id" + in,
                        ids))
                .invoke(found -> found.forEach(details::enrollment))
                .chain(() -> References.bound(
                                session.createNativeQuery(
                                        "select distinct identity_id from api_session where identity_id" + in
                                                + " and expires_at > now()",
                                        String.class),
                                ids)
                        .getResultList())
                .invoke(details.withApiSession::addAll)
                .replaceWith(details);
    }

    private static Uni<List<Object[]>> all(Mutiny.Session session, String sql, List<String> ids) {
        return References.bound(session.createNativeQuery(sql, Object[].class), ids)
                .getResultList();
    }

    private void authenticator(Object[] row) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", row[1]);
        put(view, "username", row[3]);
        put(view, "fingerprint", row[4]);
        authenticators
                .computeIfAbsent((String) row[0], id -> new LinkedHashMap<>())
                .put((String) row[2], view);
    }

    private void enrollment(Object[] row) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", row[1]);
        view.put("token", row[3]);
        view.put("jwt", row[4]);
        view.put("expiresAt", instant(row[5]));
        put(view, "username", row[6]);
        enrollments
                .computeIfAbsent((String) row[0], id -> new LinkedHashMap<>())
                .put((String) row[2], view);
    }

    private static Object instant(Object time) {
        return time instanceof java.time.OffsetDateTime offset ? offset.toInstant() : time;
    }

    private static void put(Map<String, Object> view, String key, @Nullable Object value) {
        if (value != null) {
            view.put(key, value);
        }
    }

    Map<String, Object> authenticators(String id) {
        return authenticators.getOrDefault(id, Map.of());
    }

    Map<String, Object> enrollments(String id) {
        return enrollments.getOrDefault(id, Map.of());
    }

    boolean hasApiSession(String id) {
        return withApiSession.contains(id);
    }
}
