package io.postern.controller.kernel;

/**
 * A symbol that filters and sorts may use, and the SQL that reads it. The SQL is ours, written in the kind's
 * declaration; {@code e} is the row.
 */
public record Field(String sql, Type type) {
    public enum Type {
        TEXT,
        NUMBER,
        BOOL,
        TIME,
        /** An array of text. */
        SET,
        /** An object whose members are reached by dots. */
        JSON
    }

    public static Field text(String column) {
        return new Field("e." + column, Type.TEXT);
    }

    public static Field number(String column) {
        return new Field("e." + column, Type.NUMBER);
    }

    public static Field bool(String column) {
        return new Field("e." + column, Type.BOOL);
    }

    public static Field time(String column) {
        return new Field("e." + column, Type.TIME);
    }

    public static Field set(String column) {
        return new Field("e." + column, Type.SET);
    }

    /** An expression over the row {@code e}. */
    public static Field of(Type type, String sql) {
        return new Field("(" + sql + ")", type);
    }
}
