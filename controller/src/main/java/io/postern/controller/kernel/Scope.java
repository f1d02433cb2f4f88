package io.postern.controller.kernel;

import java.util.List;

/**
 * A condition that a sub-list adds to what the caller asks. The SQL is ours; each {@code ?} in it takes the next of the
 * values, {@code e} is the listed row.
 */
public record Scope(String sql, List<Object> values) {
    public static final Scope ALL = new Scope("true", List.of());

    public static Scope of(String sql, Object... values) {
        return new Scope(sql, List.of(values));
    }
}
