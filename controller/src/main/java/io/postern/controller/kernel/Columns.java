package io.postern.controller.kernel;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * The select list of a row. Hibernate Reactive 3.2 fails on columns that the row does not map, so {@code select *} would
 * make every new column of the table an outage.
 */
public final class Columns {
    private static final ClassValue<String> KNOWN = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> row) {
            var columns = new StringJoiner(", ");
            for (Class<?> type = row; type != Object.class; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.isSynthetic()
                            && !field.getName().startsWith("$")) {
                        columns.add("e." + snake(field.getName()));
                    }
                }
            }
            return columns.toString();
        }
    };

    private Columns() {}

    /** {@code e.id, e.name, …}. */
    public static String of(Class<? extends Stored> row) {
        return KNOWN.get(row);
    }

    private static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
