package io.postern.controller.kernel;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.hibernate.reactive.mutiny.Mutiny;

/** Looks at rows of other kinds without knowing those kinds: by table and id. */
public final class References {
    private References() {}

    /** Refuses, by the name of the field, an id that has no row. The rows found cannot go until the transaction ends. */
    public static Uni<Void> require(Work work, String table, String field, Collection<String> ids) {
        Set<String> wanted = new LinkedHashSet<>(ids);
        if (wanted.remove(null)) {
            throw Refusal.field(field, field + " must hold ids", null);
        }
        if (wanted.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        String sql =
                "select id from " + table + " where id in (" + marks(wanted.size()) + ") order by id for key share";
        return bound(work.session().createNativeQuery(sql, String.class), wanted)
                .getResultList()
                .invoke(found -> {
                    wanted.removeAll(found);
                    wanted.stream().findFirst().ifPresent(missing -> {
                        throw Refusal.field(field, field + " must name what exists", missing);
                    });
                })
                .replaceWithVoid();
    }

    /** Refuses a delete while {@code sql}, one count over the id, finds users. */
    public static Uni<Void> refuseInUse(Work work, String id, String sql, String user) {
        return work.session()
                .createNativeQuery(sql, Long.class)
                .setParameter(1, id)
                .getSingleResult()
                .invoke(count -> {
                    if (count > 0) {
                        throw Refusal.of(
                                ErrorCode.CAN_NOT_DELETE_REFERENCED_ENTITY, "it is in use by " + count + " " + user);
                    }
                })
                .replaceWithVoid();
    }

    /** The names of those ids that have a row. */
    public static Uni<Map<String, String>> names(Mutiny.Session session, String table, Collection<String> ids) {
        Set<String> wanted = new LinkedHashSet<>(ids);
        if (wanted.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        String sql = "select id, name from " + table + " where id in (" + marks(wanted.size()) + ")";
        return bound(session.createNativeQuery(sql, Object[].class), wanted)
                .getResultList()
                .map(rows -> {
                    Map<String, String> names = new HashMap<>();
                    rows.forEach(row -> names.put((String) row[0], (String) row[1]));
                    return names;
                });
    }

    /** {@code ?1, ?2, …}. */
    public static String marks(int count) {
        var marks = new StringJoiner(", ");
        for (int i = 1; i <= count; i++) {
            marks.add("?" + i);
        }
        return marks.toString();
    }

    /** Binds values to {@code ?1, ?2, …} in their order. */
    public static <T> Mutiny.SelectionQuery<T> bound(Mutiny.SelectionQuery<T> query, Collection<?> values) {
        int position = 1;
        for (Object value : values) {
            query.setParameter(position++, value);
        }
        return query;
    }
}
