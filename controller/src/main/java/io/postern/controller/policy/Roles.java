package io.postern.controller.policy;

import io.postern.api.Refusal;
import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Work;
import io.postern.fabric.policy.RoleSet;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The role lists of policies: {@code #attribute}, {@code #all}, {@code @id}. */
public final class Roles {
    private static final int MOST = 1_000;

    private Roles() {}

    /** Refuses roles of no shape, and ids that name nothing. */
    static Uni<Void> admit(Work work, String table, String field, @Nullable List<String> roles) {
        check(field, roles);
        List<String> ids = Objects.requireNonNullElse(roles, List.<String>of()).stream()
                .filter(role -> role.startsWith("@"))
                .map(role -> role.substring(1))
                .toList();
        return References.require(work, table, field, ids);
    }

    static void check(String field, @Nullable List<String> roles) {
        if (roles == null) {
            return;
        }
        if (roles.size() > MOST) {
            throw Refusal.field(field, "must be at most " + MOST + " roles", roles.size());
        }
        for (int i = 0; i < roles.size(); i++) {
            String role = roles.get(i);
            if (role == null || role.length() < 2 || (role.charAt(0) != '#' && role.charAt(0) != '@')) {
                throw Refusal.field(field, "each must be #attribute, #all or @id", role);
            }
        }
    }

    /** Repeated roles count once, and {@code #ALL} is {@code #all}. */
    static String[] stored(@Nullable List<String> roles) {
        var distinct = new LinkedHashSet<String>();
        Objects.requireNonNullElse(roles, List.<String>of())
                .forEach(role -> distinct.add(role.equalsIgnoreCase(RoleSet.ALL) ? RoleSet.ALL : role));
        return distinct.toArray(String[]::new);
    }

    /** Takes a service that goes out of the roles that name it. */
    public static Uni<Void> forgetService(Work work, String id) {
        return forget(work, "service_policy", "servicePolicy", "service_roles", id)
                .chain(() ->
                        forget(work, "service_edge_router_policy", "serviceEdgeRouterPolicy", "service_roles", id));
    }

    /** Takes an identity that goes out of the roles that name it. */
    public static Uni<Void> forgetIdentity(Work work, String id) {
        return forget(work, "service_policy", "servicePolicy", "identity_roles", id)
                .chain(() -> forget(work, "edge_router_policy", "edgeRouterPolicy", "identity_roles", id));
    }

    /** Takes an edge router that goes out of the roles that name it. */
    public static Uni<Void> forgetRouter(Work work, String id) {
        return forget(work, "edge_router_policy", "edgeRouterPolicy", "edge_router_roles", id)
                .chain(() ->
                        forget(work, "service_edge_router_policy", "serviceEdgeRouterPolicy", "edge_router_roles", id));
    }

    private static Uni<Void> forget(Work work, String table, String kind, String column, String id) {
        String role = "cast(?1 as text)";
        String sql = "update " + table + " set " + column + " = array_remove(" + column + ", " + role
                + "), updated_at = now() where " + column + " @> array[" + role + "] returning id";
        return work.session()
                .createNativeQuery(sql, String.class)
                .setParameter(1, "@" + id)
                .getResultList()
                .invoke(ids -> ids.forEach(policy -> work.changed(kind, policy, Action.UPDATE)))
                .replaceWithVoid();
    }
}
