package io.postern.controller.model;

import io.postern.controller.model.Entry.PolicyKind;
import io.postern.fabric.path.Precedence;
import io.postern.fabric.policy.Semantic;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries from the tables of the model. The one place that knows their columns for the network's sake. Columns are
 * named: PostgreSQL refuses a prepared {@code select *} once a newer controller has added one.
 */
enum ModelReader {
    CONFIG_TYPE("configtype", Entry.ConfigType.class, "select id, name, target from config_type", "id", row -> {
        return new Entry.ConfigType(row.getString("id"), row.getString("name"), text(row, "target"));
    }),
    CONFIG("config", Entry.Config.class, "select id, name, config_type_id, data from config", "id", row -> {
        return new Entry.Config(
                row.getString("id"), row.getString("config_type_id"), row.getString("name"), json(row, "data"));
    }),
    IDENTITY("identity", Entry.Identity.class, """
            select i.id, i.name, i.role_attributes, i.app_data, i.disabled_at, i.disabled_until, i.default_hosting_cost,
                i.default_hosting_precedence, i.service_hosting_costs, i.service_hosting_precedences,
                (select jsonb_agg(jsonb_build_array(c.service_id, c.config_type_id, c.config_id))
                from identity_service_config c where c.identity_id = i.id) as service_configs
            from identity i""", "i.id", ModelReader::identity),
    SERVICE("service", Entry.Service.class, """
            select id, name, encryption_required, configs, role_attributes, terminator_strategy, max_idle_time_millis
            from service""", "id", row -> {
        return new Entry.Service(
                row.getString("id"),
                row.getString("name"),
                row.getBoolean("encryption_required"),
                list(row, "configs"),
                Set.copyOf(list(row, "role_attributes")),
                row.getString("terminator_strategy"),
                row.getLong("max_idle_time_millis"));
    }),
    ROUTER("edgerouter", Entry.Router.class, """
            select id, name, fingerprint, unverified_fingerprint, disabled, cost, no_traversal, is_tunneler_enabled,
                role_attributes, configs
            from edge_router""", "id", row -> {
        return new Entry.Router(
                row.getString("id"),
                row.getString("name"),
                row.getString("fingerprint"),
                row.getString("unverified_fingerprint"),
                row.getBoolean("disabled"),
                row.getInteger("cost"),
                row.getBoolean("no_traversal"),
                row.getBoolean("is_tunneler_enabled"),
                Set.copyOf(list(row, "role_attributes")),
                list(row, "configs"));
    }),
    SERVICE_POLICY("servicepolicy", Entry.Policy.class, """
            select id, name, semantic, type, identity_roles, service_roles, posture_check_roles
            from service_policy""", "id", row -> {
        return policy(
                row,
                row.getString("type").equals("Bind") ? PolicyKind.BIND : PolicyKind.DIAL,
                list(row, "identity_roles"),
                list(row, "service_roles"),
                list(row, "posture_check_roles"));
    }),
    EDGE_ROUTER_POLICY("edgerouterpolicy", Entry.Policy.class, """
            select id, name, semantic, identity_roles, edge_router_roles
            from edge_router_policy""", "id", row -> {
        return policy(
                row, PolicyKind.EDGE_ROUTER, list(row, "identity_roles"), list(row, "edge_router_roles"), List.of());
    }),
    SERVICE_EDGE_ROUTER_POLICY("serviceedgerouterpolicy", Entry.Policy.class, """
            select id, name, semantic, service_roles, edge_router_roles
            from service_edge_router_policy""", "id", row -> {
        return policy(
                row,
                PolicyKind.SERVICE_EDGE_ROUTER,
                list(row, "service_roles"),
                list(row, "edge_router_roles"),
                List.of());
    }),
    REVOCATION("revocation", Entry.Revocation.class, """
            select id, type, expires_at, issued_before
            from revocation""", "id", row -> {
        return new Entry.Revocation(
                row.getString("id"),
                row.getString("type"),
                row.getOffsetDateTime("expires_at").toInstant(),
                instant(row, "issued_before"));
    });

    private final String kind;
    private final Class<? extends Entry> type;
    private final String query;
    private final String idColumn;
    private final Function<Row, Entry> mapper;

    ModelReader(String kind, Class<? extends Entry> type, String query, String idColumn, Function<Row, Entry> mapper) {
        this.kind = kind;
        this.type = type;
        this.query = query;
        this.idColumn = idColumn;
        this.mapper = mapper;
    }

    /** All kinds, in small letters. */
    static String[] kinds() {
        return Arrays.stream(values()).map(reader -> reader.kind).toArray(String[]::new);
    }

    Class<? extends Entry> type() {
        return type;
    }

    /** The key of the entry with this id. */
    String key(String id) {
        return switch (this) {
            case SERVICE_POLICY -> Entry.Policy.key(PolicyKind.DIAL, id);
            case EDGE_ROUTER_POLICY -> Entry.Policy.key(PolicyKind.EDGE_ROUTER, id);
            case SERVICE_EDGE_ROUTER_POLICY -> Entry.Policy.key(PolicyKind.SERVICE_EDGE_ROUTER, id);
            default -> id;
        };
    }

    /** By the kind as a change names it, however it is written; null for kinds the network does not depend on. */
    static @Nullable ModelReader of(String kind) {
        String plain = kind.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        for (ModelReader each : values()) {
            if (each.kind.equals(plain) || (each.kind + "s").equals(plain)) {
                return each;
            }
        }
        return null;
    }

    Future<List<Entry>> all(SqlConnection connection) {
        return connection
                .preparedQuery(query + " order by " + idColumn)
                .execute()
                .map(this::entries);
    }

    Future<List<Entry>> some(SqlConnection connection, List<String> ids) {
        return connection
                .preparedQuery(query + " where " + idColumn + " = any($1)")
                .execute(Tuple.of(ids.toArray(String[]::new)))
                .map(this::entries);
    }

    private List<Entry> entries(RowSet<Row> rows) {
        List<Entry> entries = new ArrayList<>();
        rows.forEach(row -> entries.add(mapper.apply(row)));
        return entries;
    }

    private static Entry identity(Row row) {
        Map<String, Map<String, String>> configs = new LinkedHashMap<>();
        JsonArray triples = row.getJsonArray("service_configs");
        for (int i = 0; triples != null && i < triples.size(); i++) {
            JsonArray triple = triples.getJsonArray(i);
            configs.computeIfAbsent(triple.getString(0), service -> new LinkedHashMap<>())
                    .put(triple.getString(1), triple.getString(2));
        }
        Map<String, Precedence> precedences = new HashMap<>();
        row.getJsonObject("service_hosting_precedences")
                .forEach(each -> precedences.put(each.getKey(), Precedence.ofWord(String.valueOf(each.getValue()))));
        Map<String, Integer> costs = new HashMap<>();
        row.getJsonObject("service_hosting_costs")
                .forEach(each -> costs.put(each.getKey(), ((Number) each.getValue()).intValue()));
        JsonObject appData = row.getJsonObject("app_data");
        return new Entry.Identity(
                row.getString("id"),
                row.getString("name"),
                isDisabled(row),
                Set.copyOf(list(row, "role_attributes")),
                Precedence.ofWord(row.getString("default_hosting_precedence")),
                row.getInteger("default_hosting_cost"),
                precedences,
                costs,
                appData == null || appData.isEmpty() ? null : appData.encode(),
                configs);
    }

    private static boolean isDisabled(Row row) {
        Instant until = instant(row, "disabled_until");
        return row.getValue("disabled_at") != null && (until == null || until.isAfter(Instant.now()));
    }

    private static Entry policy(
            Row row, PolicyKind kind, List<String> left, List<String> right, List<String> postureChecks) {
        return new Entry.Policy(
                row.getString("id"),
                row.getString("name"),
                kind,
                Semantic.parse(row.getString("semantic")),
                left,
                right,
                postureChecks);
    }

    private static List<String> list(Row row, String column) {
        String[] values = row.getArrayOfStrings(column);
        return values == null ? List.of() : List.of(values);
    }

    private static String text(Row row, String column) {
        String value = row.getString(column);
        return value == null ? "" : value;
    }

    private static String json(Row row, String column) {
        Object value = row.getValue(column);
        return value instanceof JsonObject object ? object.encode() : String.valueOf(value);
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }
}
