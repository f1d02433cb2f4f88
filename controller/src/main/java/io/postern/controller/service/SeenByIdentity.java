package io.postern.controller.service;

import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Reads;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Services in the light of one identity: what it may do with them, and the configs that it gets. */
final class SeenByIdentity {
    private static final String MATCHES = "(i.disabled_at is null or coalesce(i.disabled_until <= now(), false))"
            + " and role_matches(p.identity_roles, p.semantic, i.id, i.role_attributes)"
            + " and role_matches(p.service_roles, p.semantic, e.id, e.role_attributes)";

    /** A scope over the service {@code e} and the identity's id. */
    static final String VISIBLE =
            "exists (select from service_policy p, identity i where i.id = ? and " + MATCHES + ")";

    private static final String NO_CHECKS = "dummy %s policy: no posture checks defined";

    private final Map<String, List<String>> permissions = new HashMap<>();
    private final Map<String, Map<String, Object>> configs = new HashMap<>();

    private SeenByIdentity() {}

    static Uni<List<ServiceView>> read(
            Reads reads, String identityId, List<String> configTypes, List<Found<ServiceRow>> found) {
        List<ServiceRow> rows = found.stream().map(Found::row).toList();
        if (rows.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        var seen = new SeenByIdentity();
        List<Object> values = new ArrayList<>(rows.stream().map(ServiceRow::id).toList());
        values.add(identityId);
        return seen.readPermissions(reads, values)
                .chain(() -> configTypes.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : seen.readConfigs(reads, values, configTypes))
                .replaceWith(() -> rows.stream().map(seen::view).toList());
    }

    private Uni<Void> readPermissions(Reads reads, List<Object> values) {
        int services = values.size() - 1;
        String sql = "select e.id, bool_or(p.type = 'Dial') as dial, bool_or(p.type = 'Bind') as bind"
                + " from service e, service_policy p, identity i where e.id in (" + Reads.marks(services)
                + ") and i.id = $" + values.size() + " and " + MATCHES + " group by e.id";
        return reads.rows(sql, values)
                .invoke(found -> found.forEach(row -> {
                    List<String> may = new ArrayList<>();
                    if (row.getBoolean(1)) {
                        may.add("Dial");
                    }
                    if (row.getBoolean(2)) {
                        may.add("Bind");
                    }
                    permissions.put(row.getString(0), may);
                }))
                .replaceWithVoid();
    }

    /** The service's own first, so that what the identity is assigned replaces it. */
    private Uni<Void> readConfigs(Reads reads, List<Object> values, List<String> types) {
        String in = "(" + Reads.marks(values.size() - 1) + ")";
        String sql = "select x.service, t.id, t.name, c.data from ("
                + "select e.id as service, unnest(e.configs) as config, 0 as rank from service e where e.id in " + in
                + " union all select a.service_id, a.config_id, 1 from identity_service_config a"
                + " where a.service_id in " + in + " and a.identity_id = $" + values.size()
                + ") x join config c on c.id = x.config join config_type t on t.id = c.config_type_id order by x.rank";
        boolean all = types.contains("all");
        return reads.rows(sql, values)
                .invoke(found -> found.forEach(row -> {
                    if (all || types.contains(row.getString(1)) || types.contains(row.getString(2))) {
                        configs.computeIfAbsent(row.getString(0), id -> new LinkedHashMap<>())
                                .put(row.getString(2), row.getJsonObject(3).getMap());
                    }
                }))
                .replaceWithVoid();
    }

    private ServiceView view(ServiceRow row) {
        List<String> may = permissions.getOrDefault(row.id(), List.of());
        return row.view(
                may,
                configs.getOrDefault(row.id(), Map.of()),
                may.stream().map(SeenByIdentity::passing).toList());
    }

    /** Stock clients want one posture answer per permission, also without posture checks (SDK sheet 2.6). */
    private static Object passing(String permission) {
        return Map.of(
                "policyId",
                NO_CHECKS.formatted(permission.toLowerCase(Locale.ROOT)),
                "policyType",
                permission,
                "isPassing",
                true,
                "postureQueries",
                List.of());
    }
}
