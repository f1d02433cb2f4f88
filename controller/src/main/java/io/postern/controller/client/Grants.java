package io.postern.controller.client;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the policies give to an identity, asked of the database in one query each. */
@Singleton
public class Grants {
    /** Rows are (service, identity, policy) triples that match; {@code $1} is the identity. */
    private static final String GRANTED = """
            from identity i
            join service_policy p on role_matches(p.identity_roles, p.semantic, i.id, i.role_attributes)
            join service s on role_matches(p.service_roles, p.semantic, s.id, s.role_attributes)
            where i.id = $1
            """;
    /** Conditions on an edge router {@code r} for identity {@code $1}. */
    private static final String USABLE_BY_IDENTITY = """
            not r.disabled and exists (
                select from edge_router_policy p, identity i
                where i.id = $1
                  and role_matches(p.identity_roles, p.semantic, i.id, i.role_attributes)
                  and role_matches(p.edge_router_roles, p.semantic, r.id, r.role_attributes))
            """;
    /** Conditions on an edge router {@code r} for service {@code $2}. */
    private static final String USABLE_FOR_SERVICE = """
            exists (
                select from service_edge_router_policy q, service s
                where s.id = $2
                  and role_matches(q.service_roles, q.semantic, s.id, s.role_attributes)
                  and role_matches(q.edge_router_roles, q.semantic, r.id, r.role_attributes))
            """;

    private static final String PERMISSIONS =
            "select s.id, p.id, p.type " + GRANTED + " and s.id = any($2) order by s.id, p.type, p.id";
    private static final String SERVICE = "select t.name, exists (select " + GRANTED
            + " and s.id = t.id), exists (select " + GRANTED + " and s.id = t.id and p.type = $3)"
            + " from service t where t.id = $2";
    private static final String ROUTER_COLUMNS =
            "select r.id, r.name, r.created_at, r.updated_at, r.tags, r.cost, r.no_traversal, r.disabled, r.app_data"
                    + " from edge_router r where ";
    private static final String ROUTERS = ROUTER_COLUMNS + USABLE_BY_IDENTITY + " order by r.name";
    private static final String ROUTERS_FOR_SERVICE =
            ROUTER_COLUMNS + USABLE_BY_IDENTITY + " and " + USABLE_FOR_SERVICE + " order by r.name";
    /** The identity's own choice of a config wins over the service's. */
    private static final String CONFIGS = """
            select s.id, t.id, t.name, c.data, true from service s, config c, config_type t
            where s.id = any($2) and c.id = any(s.configs) and t.id = c.config_type_id
            union all
            select o.service_id, t.id, t.name, c.data, false from identity_service_config o
            join config c on c.id = o.config_id join config_type t on t.id = c.config_type_id
            where o.identity_id = $1 and o.service_id = any($2)
            """;

    private static final String DIGEST = "select coalesce(md5(string_agg(line, '|' order by line)), '') from ("
            + "select s.id || s.updated_at || string_agg(distinct p.id || p.type, ',' order by p.id || p.type)"
            + " || coalesce((select string_agg(c.id || c.updated_at, ',' order by c.id) from config c"
            + " where c.id = any(s.configs)), '')"
            + " || coalesce((select string_agg(o.config_id, ',' order by o.config_id) from identity_service_config o"
            + " where o.identity_id = $1 and o.service_id = s.id), '') as line "
            + GRANTED + " group by s.id, s.updated_at, s.configs) as lines";

    private final Pool database;

    Grants(Pool database) {
        this.database = database;
    }

    /** One policy that lets an identity dial or bind. */
    record Granted(String policyId, String type) {}

    /** @param isVisible whether the identity may dial or bind it, {@code isPermitted} what was asked for */
    record Asked(String name, boolean isVisible, boolean isPermitted) {}

    /** An edge router that may be used, whether it is online or not. */
    record UsableRouter(
            String id,
            String name,
            Instant createdAt,
            Instant updatedAt,
            Map<String, Object> tags,
            int cost,
            boolean noTraversal,
            boolean disabled,
            Map<String, Object> appData) {}

    Uni<Map<String, List<Granted>>> permissions(String identityId, List<String> serviceIds) {
        return query(PERMISSIONS, Tuple.of(identityId, array(serviceIds))).map(rows -> {
            var byService = new HashMap<String, List<Granted>>();
            rows.forEach(row -> byService
                    .computeIfAbsent(row.getString(0), id -> new ArrayList<>())
                    .add(new Granted(row.getString(1), row.getString(2))));
            return byService;
        });
    }

    /** Empty when there is no such service. */
    Uni<Optional<Asked>> service(String identityId, String serviceId, String type) {
        return query(SERVICE, Tuple.of(identityId, serviceId, type))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Asked(row.getString(0), row.getBoolean(1), row.getBoolean(2))));
    }

    Uni<List<UsableRouter>> routers(String identityId) {
        return query(ROUTERS, Tuple.of(identityId)).map(Grants::routers);
    }

    Uni<List<UsableRouter>> routers(String identityId, String serviceId) {
        return query(ROUTERS_FOR_SERVICE, Tuple.of(identityId, serviceId)).map(Grants::routers);
    }

    /** Per service, config type name to config data, of the types asked for ({@code all} is every one). */
    Uni<Map<String, Map<String, Object>>> configs(
            String identityId, List<String> serviceIds, List<String> configTypes) {
        if (configTypes.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        boolean all = configTypes.contains("all");
        return query(CONFIGS, Tuple.of(identityId, array(serviceIds))).map(rows -> {
            var byService = new HashMap<String, Map<String, Object>>();
            rows.forEach(row -> {
                if (all || configTypes.contains(row.getString(1)) || configTypes.contains(row.getString(2))) {
                    byService
                            .computeIfAbsent(row.getString(0), id -> new LinkedHashMap<>())
                            .put(row.getString(2), row.getJsonObject(3).getMap());
                }
            });
            return byService;
        });
    }

    /** Changes exactly when something that the identity sees of its services changes. */
    Uni<String> digest(String identityId) {
        return query(DIGEST, Tuple.of(identityId)).map(rows -> rows.getFirst().getString(0));
    }

    private Uni<List<Row>> query(String sql, Tuple values) {
        return database.preparedQuery(sql).execute(values).map(rows -> {
            var list = new ArrayList<Row>();
            rows.forEach(list::add);
            return list;
        });
    }

    private static String[] array(List<String> ids) {
        return ids.toArray(String[]::new);
    }

    private static List<UsableRouter> routers(List<Row> rows) {
        return rows.stream()
                .map(row -> new UsableRouter(
                        row.getString(0),
                        row.getString(1),
                        row.getOffsetDateTime(2).toInstant(),
                        row.getOffsetDateTime(3).toInstant(),
                        map(row.getJsonObject(4)),
                        row.getInteger(5),
                        row.getBoolean(6),
                        row.getBoolean(7),
                        map(row.getJsonObject(8))))
                .toList();
    }

    private static Map<String, Object> map(JsonObject json) {
        return json.getMap();
    }
}
