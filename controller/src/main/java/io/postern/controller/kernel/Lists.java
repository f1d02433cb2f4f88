package io.postern.controller.kernel;

import io.postern.api.Paging;
import io.postern.api.filter.ListQuery;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** Lists rows of a kind by the caller's query within a scope. */
final class Lists {
    record Rows<E>(List<E> rows, long total) {}

    private Lists() {}

    static <E extends Stored> Uni<Rows<E>> rows(Mutiny.Session session, Kind<E, ?> kind, ListQuery query, Scope scope) {
        var sql = new SqlFilter(kind.fields());
        String where = " from " + kind.table() + " e where " + sql.scope(scope) + " and " + sql.where(query.filter());
        List<Object> counted = List.copyOf(sql.values());
        String order = sql.orderBy(query.sorts());
        Paging paging = query.paging();
        String select = "select " + Columns.of(kind.row()) + where + " order by " + order + " limit " + paging.rows()
                + " offset " + paging.offset();
        return bound(session.createNativeQuery(select, kind.row()), sql.values())
                .getResultList()
                .flatMap(rows ->
                        total(session, where, counted, rows.size(), paging).map(total -> new Rows<>(rows, total)));
    }

    /** A page that is not full is the last one, and needs no counting. */
    private static Uni<Long> total(
            Mutiny.Session session, String where, List<Object> values, int found, Paging paging) {
        if (found < paging.rows() && (found > 0 || paging.offset() == 0)) {
            return Uni.createFrom().item(paging.offset() + found);
        }
        return bound(session.createNativeQuery("select count(*)" + where, Long.class), values)
                .getSingleResult();
    }

    private static <T> Mutiny.SelectionQuery<T> bound(Mutiny.SelectionQuery<T> query, List<Object> values) {
        for (int i = 0; i < values.size(); i++) {
            query.setParameter(i + 1, values.get(i));
        }
        return query;
    }
}
