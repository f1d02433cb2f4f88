package io.postern.controller.relation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.api.EntityRef;
import io.postern.api.Envelope;
import io.postern.api.Refusal;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.References;
import io.postern.controller.policy.Access;
import io.postern.controller.presence.RouterPresence;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;

/** Says what the policies make of one identity and one service. */
@Path("/edge/management/v1/identities/{id}/policy-advice/{serviceId}")
@Produces(MediaType.APPLICATION_JSON)
public class PolicyAdviceResource {
    public record Router(
            @JsonUnwrapped EntityRef ref,
            @JsonProperty("isOnline") boolean isOnline) {}

    public record Advice(
            EntityRef identity,
            String identityId,
            EntityRef service,
            String serviceId,
            @JsonProperty("isBindAllowed") boolean isBindAllowed,
            @JsonProperty("isDialAllowed") boolean isDialAllowed,
            int identityRouterCount,
            int serviceRouterCount,
            List<Router> commonRouters) {}

    private final Kernel kernel;
    private final Access access;
    private final Instance<RouterPresence> presence;

    PolicyAdviceResource(Kernel kernel, Access access, Instance<RouterPresence> presence) {
        this.kernel = kernel;
        this.access = access;
        this.presence = presence;
    }

    @GET
    public Uni<Envelope<Advice>> advise(@RestPath String id, @RestPath String serviceId) {
        return name("identity", id)
                .flatMap(identityName -> name("service", serviceId)
                        .flatMap(serviceName -> advice(
                                EntityRef.of("identities", id, identityName),
                                EntityRef.of("services", serviceId, serviceName)))
                        .map(Envelope::of));
    }

    private Uni<String> name(String table, String id) {
        return kernel.read(session -> References.names(session, table, List.of(id)))
                .map(names -> {
                    String name = names.get(id);
                    if (name == null) {
                        throw Refusal.notFound(table, id);
                    }
                    return name;
                });
    }

    private Uni<Advice> advice(EntityRef identity, EntityRef service) {
        return access.mayDial(identity.id(), service.id())
                .flatMap(dial -> access.mayBind(identity.id(), service.id())
                        .flatMap(bind -> access.routersOfIdentity(identity.id())
                                .flatMap(ofIdentity -> access.routersOfService(service.id())
                                        .flatMap(ofService -> routers(common(ofIdentity, ofService))
                                                .map(routers -> new Advice(
                                                        identity,
                                                        identity.id(),
                                                        service,
                                                        service.id(),
                                                        bind,
                                                        dial,
                                                        ofIdentity.size(),
                                                        ofService.size(),
                                                        routers))))));
    }

    private static List<String> common(List<String> one, List<String> other) {
        return one.stream().filter(other::contains).toList();
    }

    private Uni<List<Router>> routers(List<String> ids) {
        return kernel.read(session -> References.names(session, "edge_router", ids))
                .map(names -> ids.stream().map(id -> router(id, names)).toList());
    }

    private Router router(String id, Map<String, String> names) {
        boolean online = presence.isResolvable() && presence.get().of(id).isPresent();
        return new Router(EntityRef.of("edge-routers", id, names.getOrDefault(id, "")), online);
    }
}
