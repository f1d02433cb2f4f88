package io.postern.controller.kernel;

import io.postern.api.Refusal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attributes by which policies find an entity. Stored without {@code #}. */
public final class RoleAttributes {
    private static final int MOST = 1_000;
    private static final int LONGEST = 256;

    private RoleAttributes() {}

    /** Refuses what no role could name; repeated ones count once. */
    public static String[] of(@Nullable List<String> attributes) {
        if (attributes == null) {
            return new String[0];
        }
        if (attributes.size() > MOST) {
            throw Refusal.field("roleAttributes", "must be at most " + MOST, attributes.size());
        }
        Set<String> distinct = new LinkedHashSet<>();
        for (int i = 0; i < attributes.size(); i++) {
            String attribute = attributes.get(i);
            if (attribute == null || attribute.isBlank() || attribute.length() > LONGEST) {
                throw Refusal.field("roleAttributes[" + i + "]", "must be 1 to " + LONGEST + " characters", attribute);
            }
            if (attribute.startsWith("#") || attribute.startsWith("@")) {
                throw Refusal.field("roleAttributes[" + i + "]", "must not start with # or @", attribute);
            }
            distinct.add(attribute);
        }
        return distinct.toArray(String[]::new);
    }
}
