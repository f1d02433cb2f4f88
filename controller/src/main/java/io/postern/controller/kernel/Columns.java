package io.postern.controller.kernel;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The select list of a row, and the row read back from it. Hibernate Reactive 3.2 fails on columns that the row does not map,
 * so {@code select *} would make every new column of the table an outage. So would PostgreSQL, which refuses a prepared one.
 */
public final class Columns {
    private static final ClassValue<Columns> KNOWN = new ClassValue<>() {
        @Override
        protected Columns computeValue(Class<?> row) {
            return new Columns(row);
        }
    };

    private final List<Field> fields = new ArrayList<>();
    private final String list;

    private Columns(Class<?> row) {
        var columns = new StringJoiner(", ");
        for (Class<?> type = row; type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !field.isSynthetic()
                        && !field.getName().startsWith("$")) {
                    field.setAccessible(true);
                    fields.add(field);
                    columns.add("e." + snake(field.getName()));
                }
            }
        }
        list = columns.toString();
    }

    /** {@code e.id, e.name, …}. */
    public static String of(Class<? extends Stored> row) {
        return KNOWN.get(row).list;
    }

    static int count(Class<? extends Stored> row) {
        return KNOWN.get(row).fields.size();
    }

    /** Fills a blank entity from a row whose first columns are the select list. */
    static <E extends Stored> E read(E blank, Row row) {
        List<Field> fields = KNOWN.get(blank.getClass()).fields;
        try {
            for (int i = 0; i < fields.size(); i++) {
                Field field = fields.get(i);
                field.set(blank, value(row, i, field.getType()));
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        return blank;
    }

    private static @Nullable Object value(Row row, int i, Class<?> type) {
        if (type == String.class) {
            return row.getString(i);
        }
        if (type == boolean.class || type == Boolean.class) {
            return row.getBoolean(i);
        }
        if (type == Instant.class) {
            OffsetDateTime time = row.getOffsetDateTime(i);
            return time == null ? null : time.toInstant();
        }
        if (type == String[].class) {
            return row.getArrayOfStrings(i);
        }
        if (type == JsonObject.class) {
            return row.getJsonObject(i);
        }
        if (type == int.class || type == Integer.class) {
            return row.getInteger(i);
        }
        if (type == long.class || type == Long.class) {
            return row.getLong(i);
        }
        throw new IllegalStateException("no column is read as " + type);
    }

    private static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
