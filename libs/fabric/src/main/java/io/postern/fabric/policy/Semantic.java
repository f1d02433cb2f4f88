package io.postern.fabric.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How several role expressions of one list combine. Names are those of the management API. */
public enum Semantic {
    AllOf,
    AnyOf;

    /**
     * Reads the API's text, whatever its case; absent or empty is {@code AllOf}, as in the management API.
     *
     * @throws IllegalArgumentException any other text
     */
    public static Semantic parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return AllOf;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "allof" -> AllOf;
            case "anyof" -> AnyOf;
            default -> throw new IllegalArgumentException("semantic is neither AllOf nor AnyOf");
        };
    }
}
