package io.postern.controller.kernel;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row as it is read for callers, with what the service's extra expressions tell of other kinds.
 *
 * @param first where the extra columns begin
 */
public record Found<E>(E row, Row columns, int first) {
    /** An extra text; empty where there is none. */
    public String text(int extra) {
        return Objects.requireNonNullElse(columns.getString(first + extra), "");
    }

    /** An extra JSON object; null where there is none. */
    public @Nullable JsonObject object(int extra) {
        return columns.getJsonObject(first + extra);
    }

    /** An extra JSON object; empty where there is none. */
    public Map<String, Object> map(int extra) {
        JsonObject object = object(extra);
        return object == null ? Map.of() : object.getMap();
    }

    public boolean truth(int extra) {
        return Boolean.TRUE.equals(columns.getBoolean(first + extra));
    }
}
