package io.postern.controller.client;

import io.postern.api.EntityRef;
import io.postern.api.Link;
import io.postern.api.Refusal;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An identity as it sees itself, every field that generated clients require included (SDK sheet 2.6). */
@Singleton
public class CurrentIdentity {
    private static final String SELECT = """
            select i.id, i.created_at, i.updated_at, i.tags, i.name, i.type_id, i.is_admin, i.is_default_admin,
                   i.role_attributes, i.auth_policy_id, i.external_id, i.app_data, i.env_info, i.sdk_info,
                   i.default_hosting_cost, i.default_hosting_precedence, i.service_hosting_costs,
                   i.service_hosting_precedences, i.permissions,
                   (select jsonb_object_agg(a.method, case a.method
                        when 'cert' then jsonb_build_object('id', a.id, 'fingerprint', a.fingerprint)
                        else jsonb_build_object('id', a.id, 'username', a.username) end)
                    from authenticator a where a.identity_id = i.id) as authenticators,
                   p.name as auth_policy
            from identity i join auth_policy p on p.id = i.auth_policy_id where i.id = $1
            """;

    private final Pool database;

    CurrentIdentity(Pool database) {
        this.database = database;
    }

    Uni<Map<String, Object>> view(String identityId) {
        return database.preparedQuery(SELECT).execute(Tuple.of(identityId)).map(rows -> {
            var all = rows.iterator();
            if (!all.hasNext()) {
                throw Refusal.notFound("identity", identityId);
            }
            return view(all.next());
        });
    }

    private static Map<String, Object> view(Row row) {
        var view = new LinkedHashMap<String, @Nullable Object>();
        String typeId = row.getString("type_id");
        String policyId = row.getString("auth_policy_id");
        view.put("id", row.getString("id"));
        view.put("createdAt", row.getOffsetDateTime("created_at").toInstant());
        view.put("updatedAt", row.getOffsetDateTime("updated_at").toInstant());
        view.put("tags", json(row, "tags"));
        view.put("_links", Map.of("self", new Link("./current-identity"), "mfa", new Link("./current-identity/mfa")));
        view.put("name", row.getString("name"));
        view.put("type", EntityRef.of("identity-types", typeId, typeId));
        view.put("typeId", typeId);
        view.put("isAdmin", row.getBoolean("is_admin"));
        view.put("isDefaultAdmin", row.getBoolean("is_default_admin"));
        view.put("roleAttributes", List.of(row.getArrayOfStrings("role_attributes")));
        view.put("authPolicyId", policyId);
        view.put("authPolicy", EntityRef.of("auth-policies", policyId, row.getString("auth_policy")));
        view.put("authenticators", json(row, "authenticators"));
        view.put("enrollment", Map.of());
        view.put("externalId", row.getString("external_id"));
        view.put("appData", json(row, "app_data"));
        view.put("envInfo", json(row, "env_info"));
        view.put("sdkInfo", json(row, "sdk_info"));
        view.put("defaultHostingCost", row.getInteger("default_hosting_cost"));
        view.put("defaultHostingPrecedence", row.getString("default_hosting_precedence"));
        view.put("serviceHostingCosts", json(row, "service_hosting_costs"));
        view.put("serviceHostingPrecedences", json(row, "service_hosting_precedences"));
        view.put("permissions", List.of(row.getArrayOfStrings("permissions")));
        view.put("disabled", false);
        view.put("isMfaEnabled", false);
        view.put("hasApiSession", true);
        view.put("hasEdgeRouterConnection", false);
        view.put("edgeRouterConnectionStatus", "unknown");
        view.put("interfaces", List.of());
        return view;
    }

    private static Map<String, Object> json(Row row, String column) {
        JsonObject value = row.getJsonObject(column);
        return value == null ? Map.of() : value.getMap();
    }
}
