package io.postern.api;

import java.util.Map;

/** One object on the wire: {@code {"data":…,"meta":{}}} (SDK sheet 2.3). */
public record Envelope<T>(T data, Map<String, Object> meta) {
    private static final Envelope<Map<String, Object>> EMPTY = new Envelope<>(Map.of(), Map.of());

    public static <T> Envelope<T> of(T data) {
        return new Envelope<>(data, Map.of());
    }

    /** The answer to a write that tells nothing. */
    public static Envelope<Map<String, Object>> empty() {
        return EMPTY;
    }
}
