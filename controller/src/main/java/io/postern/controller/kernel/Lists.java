package io.postern.controller.kernel;

import io.postern.api.Paging;
import io.postern.api.filter.ListQuery;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import java.util.List;

/**
 * Lists rows of a kind by the caller's query within a scope: the page, how many there are in all, and what the views tell of
 * other kinds, in one statement. Ids are counted and cut first, so that the wide rows of one page only are fetched.
 */
final class Lists {
    record Rows<E>(List<Found<E>> rows, long total) {}

    private Lists() {}

    static <E extends Stored> Uni<Rows<E>> rows(
            Reads reads, Kind<E, ?> kind, List<String> extras, ListQuery query, Scope scope) {
        var sql = new SqlFilter(kind.fields());
        String where = " from " + kind.table() + " e where " + sql.scope(scope) + " and " + sql.where(query.filter());
        List<Object> counted = List.copyOf(sql.values());
        String order = sql.orderBy(query.sorts());
        Paging paging = query.paging();
        String page = "select e.id, count(*) over () as total" + where + " order by " + order + " limit "
                + paging.rows() + " offset " + paging.offset();
        String select = select(kind, extras) + ", page.total from (" + page + ") page join " + kind.table()
                + " e on e.id = page.id order by " + order;
        return reads.rows(select, sql.values())
                .flatMap(rows -> rows.isEmpty() && paging.offset() > 0
                        ? total(reads, where, counted)
                        : Uni.createFrom().item(read(kind, extras, rows)));
    }

    /** The one row of an id, or none. */
    static <E extends Stored> Uni<List<Found<E>>> row(Reads reads, Kind<E, ?> kind, List<String> extras, String id) {
        return reads.rows(select(kind, extras) + " from " + kind.table() + " e where e.id = $1", List.of(id))
                .map(rows -> found(kind, rows));
    }

    private static String select(Kind<?, ?> kind, List<String> extras) {
        var sql = new StringBuilder("select ").append(Columns.of(kind.row()));
        extras.forEach(extra -> sql.append(", ").append(extra));
        return sql.toString();
    }

    private static <E extends Stored> Rows<E> read(Kind<E, ?> kind, List<String> extras, List<Row> rows) {
        int total = Columns.count(kind.row()) + extras.size();
        return new Rows<>(
                found(kind, rows), rows.isEmpty() ? 0 : rows.getFirst().getLong(total));
    }

    private static <E extends Stored> List<Found<E>> found(Kind<E, ?> kind, List<Row> rows) {
        int first = Columns.count(kind.row());
        return rows.stream()
                .map(row -> new Found<>(Columns.read(kind.blank().get(), row), row, first))
                .toList();
    }

    /** A page behind the end has no row that could tell. */
    private static <E> Uni<Rows<E>> total(Reads reads, String where, List<Object> values) {
        return reads.rows("select count(*)" + where, values)
                .map(rows -> new Rows<>(List.of(), rows.getFirst().getLong(0)));
    }
}
