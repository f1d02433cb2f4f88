package io.postern.controller.policy;

import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.References;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Asks the database which policies cover whom: {@code role_matches} of the schema decides, as routers do. */
@Singleton
public class PolicyAccess implements Access {
    private static final String ENABLED = "(i.disabled_at is null or coalesce(i.disabled_until <= now(), false)) ";
    private static final String COVERED = "from service_policy p, identity i, service s where i.id = ?1 and " + ENABLED
            + "and role_matches(p.identity_roles, p.semantic, i.id, i.role_attributes) "
            + "and role_matches(p.service_roles, p.semantic, s.id, s.role_attributes) ";
    private static final String IDENTITY_ROUTERS =
            "exists (select from edge_router_policy p, identity i where i.id = ?1 "
                    + "and role_matches(p.identity_roles, p.semantic, i.id, i.role_attributes) "
                    + "and role_matches(p.edge_router_roles, p.semantic, r.id, r.role_attributes))";
    private static final String SERVICE_ROUTERS =
            "exists (select from service_edge_router_policy p, service s where s.id = ?N "
                    + "and role_matches(p.service_roles, p.semantic, s.id, s.role_attributes) "
                    + "and role_matches(p.edge_router_roles, p.semantic, r.id, r.role_attributes))";
    private static final String ROUTERS = "select r.id from edge_router r where not r.disabled and ";

    private final Kernel kernel;

    PolicyAccess(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public Uni<Boolean> mayDial(String identityId, String serviceId) {
        return covered(identityId, serviceId, PolicyType.Dial);
    }

    @Override
    public Uni<Boolean> mayBind(String identityId, String serviceId) {
        return covered(identityId, serviceId, PolicyType.Bind);
    }

    @Override
    public Uni<List<String>> routersOfIdentity(String identityId) {
        return ids(ROUTERS + IDENTITY_ROUTERS, identityId);
    }

    @Override
    public Uni<List<String>> routersOfService(String serviceId) {
        return ids(ROUTERS + SERVICE_ROUTERS.replace("?N", "?1"), serviceId);
    }

    @Override
    public Uni<List<String>> routersFor(String identityId, String serviceId) {
        return ids(ROUTERS + IDENTITY_ROUTERS + " and " + SERVICE_ROUTERS.replace("?N", "?2"), identityId, serviceId);
    }

    @Override
    public Uni<List<Permitted>> services(String identityId) {
        String sql = "select s.id, bool_or(p.type = 'Dial'), bool_or(p.type = 'Bind') " + COVERED
                + "group by s.id order by s.id";
        return kernel.read(session -> session.createNativeQuery(sql, Object[].class)
                .setParameter(1, identityId)
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new Permitted((String) row[0], (Boolean) row[1], (Boolean) row[2]))
                        .toList()));
    }

    @Override
    public Uni<String> missing(String identityId, String serviceId, String permission) {
        PolicyType type = PolicyType.valueOf(permission);
        return covered(identityId, serviceId, type)
                .flatMap(covered -> covered
                        ? routersOfIdentity(identityId)
                                .flatMap(ofIdentity -> routersOfService(serviceId)
                                        .map(ofService -> missingRouters(ofIdentity, ofService)))
                        : Uni.createFrom()
                                .item("no service policy of type " + type
                                        + " covers both the identity and the service"));
    }

    private static String missingRouters(List<String> ofIdentity, List<String> ofService) {
        if (ofIdentity.isEmpty()) {
            return "no edge router policy gives the identity an enabled edge router";
        }
        if (ofService.isEmpty()) {
            return "no service edge router policy gives the service an enabled edge router";
        }
        var common = new ArrayList<>(ofIdentity);
        common.retainAll(ofService);
        return common.isEmpty()
                ? "the edge router policies of the identity and the service edge router policies of the service"
                        + " have no edge router in common"
                : "";
    }

    private Uni<Boolean> covered(String identityId, String serviceId, PolicyType type) {
        String sql = "select exists (select " + COVERED + "and s.id = ?2 and p.type = ?3)";
        return kernel.read(session -> References.bound(
                        session.createNativeQuery(sql, Boolean.class), List.of(identityId, serviceId, type.name()))
                .getSingleResult());
    }

    private Uni<List<String>> ids(String sql, String... values) {
        return kernel.read(session -> References.bound(
                        session.createNativeQuery(sql + " order by r.id", String.class), List.of(values))
                .getResultList());
    }
}
