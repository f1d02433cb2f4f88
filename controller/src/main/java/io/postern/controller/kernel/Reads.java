package io.postern.controller.kernel;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads past the persistence session, which costs several times what the statement does: one statement on a pooled
 * connection, outside of any transaction. Parameters are {@code $1, $2, …}. The answer comes on the caller's context.
 */
@Singleton
public class Reads {
    private final Pool database;

    Reads(Pool database) {
        this.database = database;
    }

    public Uni<List<Row>> rows(String sql, List<Object> values) {
        return UniHelper.toUni(database.preparedQuery(sql).execute(Tuple.from(values)))
                .map(found -> {
                    List<Row> rows = new ArrayList<>(found.size());
                    found.forEach(rows::add);
                    return rows;
                })
                .onFailure()
                .transform(DatabaseRefusals::translate);
    }

    /** {@code $1, $2, …}. */
    public static String marks(int count) {
        var marks = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            marks.append(i == 1 ? "$" : ", $").append(i);
        }
        return marks.toString();
    }
}
