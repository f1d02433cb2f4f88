package io.postern.controller.policy;

import io.postern.controller.kernel.References;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/** The names behind the ids in roles, by table. */
final class RoleNames {
    private final Map<String, Map<String, String>> byTable = new HashMap<>();

    Uni<Void> read(Mutiny.Session session, String table, List<String[]> roles) {
        List<String> ids = roles.stream()
                .flatMap(Arrays::stream)
                .filter(role -> role.startsWith("@"))
                .map(role -> role.substring(1))
                .toList();
        return References.names(session, table, ids)
                .invoke(names -> byTable.put(table, names))
                .replaceWithVoid();
    }

    List<RoleDisplay> display(String table, String[] roles) {
        Map<String, String> names = byTable.getOrDefault(table, Map.of());
        return Arrays.stream(roles)
                .map(role -> new RoleDisplay(role, role.startsWith("@") ? name(names, role) : role))
                .toList();
    }

    private static String name(Map<String, String> names, String role) {
        String id = role.substring(1);
        return "@" + names.getOrDefault(id, id);
    }
}
