package io.postern.controller.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The names behind the ids in roles. */
final class RoleNames {
    private RoleNames() {}

    /** SQL that gives the names by id, as one JSON object, for the roles in a column of the row {@code e}. */
    static String of(String table, String column) {
        return "(select json_object_agg(x.id, x.name) from " + table
                + " x where x.id in (select substr(r.v, 2) from unnest(e." + column + ") r(v) where r.v like '@%'))";
    }

    static List<RoleDisplay> display(Map<String, Object> names, String[] roles) {
        return Arrays.stream(roles)
                .map(role -> new RoleDisplay(role, role.startsWith("@") ? name(names, role) : role))
                .toList();
    }

    private static String name(Map<String, Object> names, String role) {
        String id = role.substring(1);
        return "@" + names.getOrDefault(id, id);
    }
}
