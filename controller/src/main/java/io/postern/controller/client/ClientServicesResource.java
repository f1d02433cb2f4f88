package io.postern.controller.client;

import io.postern.api.Envelope;
import io.postern.api.ListEnvelope;
import io.postern.api.Refusal;
import io.postern.api.filter.ListQuery;
import io.postern.controller.access.Caller;
import io.postern.controller.client.EdgeRouterViews.EdgeRouterView;
import io.postern.controller.kernel.ListParameters;
import io.postern.controller.kernel.Scope;
import io.postern.controller.service.ServiceView;
import io.postern.controller.service.Services;
import io.postern.controller.terminator.Terminators;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The services that the caller may dial or bind. */
@Path("/edge/client/v1/services")
@Produces(MediaType.APPLICATION_JSON)
public class ClientServicesResource {
    private static final String VISIBLE = """
            exists (select from service_policy p, identity i where i.id = ?
                    and role_matches(p.identity_roles, p.semantic, i.id, i.role_attributes)
                    and role_matches(p.service_roles, p.semantic, e.id, e.role_attributes))
            """;

    private final Caller caller;
    private final Services services;
    private final Grants grants;
    private final EdgeRouterViews routers;
    private final Terminators terminators;

    ClientServicesResource(
            Caller caller, Services services, Grants grants, EdgeRouterViews routers, Terminators terminators) {
        this.caller = caller;
        this.services = services;
        this.grants = grants;
        this.routers = routers;
        this.terminators = terminators;
    }

    /** The one list that is not a list. */
    public record ServiceEdgeRouters(List<EdgeRouterView> edgeRouters) {}

    /** What has to hold for one policy; no posture checks exist yet, so all hold. */
    public record PostureQueries(
            String policyId,
            String policyType,

            @com.fasterxml.jackson.annotation.JsonProperty("isPassing")
            boolean isPassing,

            List<Object> postureQueries) {}

    @GET
    public Uni<ListEnvelope<ServiceView>> list(
            @BeanParam ListParameters list, @RestQuery @Nullable List<String> configTypes) {
        return page(list.query(), visible(), types(configTypes));
    }

    @GET
    @Path("{id}")
    public Uni<Envelope<ServiceView>> get(@RestPath String id, @RestQuery @Nullable List<String> configTypes) {
        Scope one = Scope.of("e.id = ? and " + VISIBLE, id, caller.identityId());
        return page(ListQuery.FIRST_PAGE, one, types(configTypes)).map(page -> {
            if (page.data().isEmpty()) {
                throw Refusal.notFound("service", id);
            }
            return Envelope.of(page.data().getFirst());
        });
    }

    @GET
    @Path("{id}/edge-routers")
    public Uni<Envelope<ServiceEdgeRouters>> edgeRouters(@RestPath String id) {
        String identityId = caller.identityId();
        return grants.service(identityId, id, "Dial").flatMap(asked -> {
            if (asked.isEmpty() || !asked.get().isVisible()) {
                throw Refusal.notFound("service", id);
            }
            return grants.routers(identityId, id)
                    .map(usable -> Envelope.of(new ServiceEdgeRouters(routers.online(usable, false))));
        });
    }

    /** Where the service is hosted; which routers and addresses is not for clients to know. */
    @GET
    @Path("{id}/terminators")
    public Uni<ListEnvelope<ClientTerminator>> terminators(@RestPath String id, @BeanParam ListParameters list) {
        return grants.service(caller.identityId(), id, "Dial").flatMap(asked -> {
            if (asked.isEmpty() || !asked.get().isVisible()) {
                throw Refusal.notFound("service", id);
            }
            return terminators
                    .list(list.query(), Scope.of("e.service_id = ?", id))
                    .map(page -> new ListEnvelope<>(
                            page.data().stream().map(ClientTerminator::of).toList(), page.meta()));
        });
    }

    private Scope visible() {
        return Scope.of(VISIBLE, caller.identityId());
    }

    /** Of the query, or of the login. */
    private List<String> types(@Nullable List<String> asked) {
        Set<String> types = new LinkedHashSet<>();
        if (asked != null && !asked.isEmpty()) { // a query without them gives an empty list
            asked.forEach(text -> types.addAll(Arrays.asList(text.split(","))));
        } else {
            types.addAll(caller.apiSession().configTypes());
        }
        return List.copyOf(types);
    }

    private Uni<ListEnvelope<ServiceView>> page(ListQuery query, Scope scope, List<String> types) {
        String identityId = caller.identityId();
        return services.list(query, scope).flatMap(page -> {
            List<String> ids =
                    page.data().stream().map(view -> view.base().id()).toList();
            if (ids.isEmpty()) {
                return Uni.createFrom().item(page);
            }
            return grants.permissions(identityId, ids)
                    .flatMap(granted -> grants.configs(identityId, ids, types)
                            .map(configs -> new ListEnvelope<>(
                                    page.data().stream()
                                            .map(view -> seen(view, granted, configs))
                                            .toList(),
                                    page.meta())));
        });
    }

    private static ServiceView seen(
            ServiceView view, Map<String, List<Grants.Granted>> granted, Map<String, Map<String, Object>> configs) {
        List<Grants.Granted> policies = granted.getOrDefault(view.base().id(), List.of());
        List<Object> queries = policies.stream()
                .<Object>map(policy -> new PostureQueries(policy.policyId(), policy.type(), true, List.of()))
                .toList();
        return new ServiceView(
                view.base(),
                view.name(),
                view.terminatorStrategy(),
                view.encryptionRequired(),
                view.roleAttributes(),
                view.configs(),
                configs.getOrDefault(view.base().id(), Map.of()),
                view.maxIdleTimeMillis(),
                List.of("Dial", "Bind").stream()
                        .filter(type -> policies.stream()
                                .anyMatch(policy -> policy.type().equals(type)))
                        .toList(),
                queries);
    }
}
