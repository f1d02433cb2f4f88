package io.postern.controller.relation;

import java.util.List;

/**
 * One list below one entity.
 *
 * @param collection the parent's URL word
 * @param table the parent's table
 * @param name the list's URL word, which is the children's collection
 * @param sql which children {@code e} belong to the parent whose id is {@code ?}
 */
record Sublist(String collection, String table, String name, String sql) {
    static final List<Sublist> ALL = List.of(
            new Sublist(
                    "identities",
                    "identity",
                    "services",
                    "exists (select from service_policy p, identity x where x.id = ? and "
                            + "role_matches(p.identity_roles, p.semantic, x.id, x.role_attributes) and "
                            + "role_matches(p.service_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "identities",
                    "identity",
                    "edge-routers",
                    "exists (select from edge_router_policy p, identity x where x.id = ? and "
                            + "role_matches(p.identity_roles, p.semantic, x.id, x.role_attributes) and "
                            + "role_matches(p.edge_router_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "identities",
                    "identity",
                    "service-policies",
                    "exists (select from identity x where x.id = ? and role_matches(e.identity_roles, "
                            + "e.semantic, x.id, x.role_attributes))"),
            new Sublist(
                    "identities",
                    "identity",
                    "edge-router-policies",
                    "exists (select from identity x where x.id = ? and role_matches(e.identity_roles, "
                            + "e.semantic, x.id, x.role_attributes))"),
            new Sublist("identities", "identity", "authenticators", "e.identity_id = ?"),
            new Sublist("identities", "identity", "enrollments", "e.identity_id = ?"),
            new Sublist(
                    "services",
                    "service",
                    "identities",
                    "exists (select from service_policy p, service x where x.id = ? and "
                            + "role_matches(p.service_roles, p.semantic, x.id, x.role_attributes) and "
                            + "role_matches(p.identity_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "services",
                    "service",
                    "edge-routers",
                    "exists (select from service_edge_router_policy p, service x where x.id = ? and "
                            + "role_matches(p.service_roles, p.semantic, x.id, x.role_attributes) and "
                            + "role_matches(p.edge_router_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "services",
                    "service",
                    "service-policies",
                    "exists (select from service x where x.id = ? and role_matches(e.service_roles, "
                            + "e.semantic, x.id, x.role_attributes))"),
            new Sublist(
                    "services",
                    "service",
                    "service-edge-router-policies",
                    "exists (select from service x where x.id = ? and role_matches(e.service_roles, "
                            + "e.semantic, x.id, x.role_attributes))"),
            new Sublist("services", "service", "terminators", "e.service_id = ?"),
            new Sublist(
                    "services",
                    "service",
                    "configs",
                    "exists (select from service x where x.id = ? and e.id = any (x.configs))"),
            new Sublist(
                    "edge-routers",
                    "edge_router",
                    "identities",
                    "exists (select from edge_router_policy p, edge_router x where x.id = ? and "
                            + "role_matches(p.edge_router_roles, p.semantic, x.id, x.role_attributes) and "
                            + "role_matches(p.identity_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "edge-routers",
                    "edge_router",
                    "services",
                    "exists (select from service_edge_router_policy p, edge_router x where x.id = ? "
                            + "and role_matches(p.edge_router_roles, p.semantic, x.id, x.role_attributes) and "
                            + "role_matches(p.service_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "edge-routers",
                    "edge_router",
                    "edge-router-policies",
                    "exists (select from edge_router x where x.id = ? and "
                            + "role_matches(e.edge_router_roles, e.semantic, x.id, x.role_attributes))"),
            new Sublist(
                    "edge-routers",
                    "edge_router",
                    "service-edge-router-policies",
                    "exists (select from edge_router x where x.id = ? and "
                            + "role_matches(e.edge_router_roles, e.semantic, x.id, x.role_attributes))"),
            new Sublist("configs", "config", "services", "e.configs @> array[cast(? as text)]"),
            new Sublist("config-types", "config_type", "configs", "e.config_type_id = ?"),
            new Sublist(
                    "service-policies",
                    "service_policy",
                    "services",
                    "exists (select from service_policy p where p.id = ? and "
                            + "role_matches(p.service_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "service-policies",
                    "service_policy",
                    "identities",
                    "exists (select from service_policy p where p.id = ? and "
                            + "role_matches(p.identity_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "edge-router-policies",
                    "edge_router_policy",
                    "edge-routers",
                    "exists (select from edge_router_policy p where p.id = ? and "
                            + "role_matches(p.edge_router_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "edge-router-policies",
                    "edge_router_policy",
                    "identities",
                    "exists (select from edge_router_policy p where p.id = ? and "
                            + "role_matches(p.identity_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "service-edge-router-policies",
                    "service_edge_router_policy",
                    "edge-routers",
                    "exists (select from service_edge_router_policy p where p.id = ? and "
                            + "role_matches(p.edge_router_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist(
                    "service-edge-router-policies",
                    "service_edge_router_policy",
                    "services",
                    "exists (select from service_edge_router_policy p where p.id = ? and "
                            + "role_matches(p.service_roles, p.semantic, e.id, e.role_attributes))"),
            new Sublist("api-sessions", "api_session", "sessions", "e.api_session_id = ?"));
}
