package io.postern.controller.relation;

import io.postern.api.EntityRef;
import io.postern.api.Envelope;
import io.postern.api.ListEnvelope;
import io.postern.api.Refusal;
import io.postern.controller.kernel.JsonBodies;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;

/** Configs that one identity gets for a service instead of the service's own of the same type. */
@Path("/edge/management/v1/identities/{id}/service-configs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ServiceConfigResource {
    /** One assignment. */
    @Valid
    public record Assignment(
            @NotBlank String serviceId, @NotBlank String configId) {}

    public record AssignmentView(String serviceId, EntityRef service, String configId, EntityRef config) {}

    private final Kernel kernel;

    ServiceConfigResource(Kernel kernel) {
        this.kernel = kernel;
    }

    @GET
    public Uni<ListEnvelope<AssignmentView>> list(@RestPath String id) {
        String sql = "select s.id, s.name, c.id as config_id, c.name as config_name from identity_service_config x"
                + " join service s on s.id = x.service_id join config c on c.id = x.config_id"
                + " where x.identity_id = ?1 order by s.id, c.id";
        return kernel.read(session -> session.createNativeQuery(sql, Object[].class)
                .setParameter(1, id)
                .getResultList()
                .map(rows -> ListEnvelope.whole(
                        rows.stream().map(ServiceConfigResource::view).toList())));
    }

    private static AssignmentView view(Object[] row) {
        String service = (String) row[0];
        String config = (String) row[2];
        return new AssignmentView(
                service,
                EntityRef.of("services", service, (String) row[1]),
                config,
                EntityRef.of("configs", config, (String) row[3]));
    }

    @POST
    public Uni<Envelope<Map<String, Object>>> assign(@RestPath String id, JsonBodies bodies) {
        List<Assignment> all = kernel.drafts().readAll(bodies, Assignment.class);
        return change(id, all, this::assign);
    }

    @DELETE
    public Uni<Envelope<Map<String, Object>>> remove(@RestPath String id, JsonBodies bodies) {
        List<Assignment> all = kernel.drafts().readAll(bodies, Assignment.class);
        return all.isEmpty() ? removeAll(id) : change(id, all, this::remove);
    }

    private interface Step {
        Uni<Integer> apply(Work work, String id, Assignment assignment);
    }

    private Uni<Envelope<Map<String, Object>>> change(String id, List<Assignment> all, Step step) {
        return kernel.write(work -> identity(work, id)
                        .chain(() -> Multi.createFrom()
                                .iterable(all)
                                .onItem()
                                .transformToUniAndConcatenate(each -> step.apply(work, id, each))
                                .collect()
                                .asList())
                        .replaceWithVoid())
                .map(done -> Envelope.empty());
    }

    private Uni<Envelope<Map<String, Object>>> removeAll(String id) {
        return kernel.write(work -> identity(work, id)
                        .chain(() -> work.session()
                                .createNativeQuery("delete from identity_service_config where identity_id = ?1")
                                .setParameter(1, id)
                                .executeUpdate())
                        .replaceWithVoid())
                .map(done -> Envelope.empty());
    }

    private static Uni<Void> identity(Work work, String id) {
        return References.names(work.session(), "identity", List.of(id))
                .invoke(names -> {
                    if (names.isEmpty()) {
                        throw Refusal.notFound("identity", id);
                    }
                    work.changed("identity", id, Action.UPDATE);
                })
                .replaceWithVoid();
    }

    private Uni<Integer> assign(Work work, String id, Assignment assignment) {
        String sql = "insert into identity_service_config (identity_id, service_id, config_id, config_type_id)"
                + " select cast(?1 as text), cast(?2 as text), c.id, c.config_type_id from config c where c.id = ?3"
                + " on conflict (identity_id, service_id, config_type_id)"
                + " do update set config_id = excluded.config_id";
        return References.require(work, "service", "serviceId", List.of(assignment.serviceId()))
                .chain(() -> References.require(work, "config", "configId", List.of(assignment.configId())))
                .chain(() -> work.session()
                        .createNativeQuery(sql)
                        .setParameter(1, id)
                        .setParameter(2, assignment.serviceId())
                        .setParameter(3, assignment.configId())
                        .executeUpdate());
    }

    private Uni<Integer> remove(Work work, String id, Assignment assignment) {
        return work.session()
                .createNativeQuery("delete from identity_service_config"
                        + " where identity_id = ?1 and service_id = ?2 and config_id = ?3")
                .setParameter(1, id)
                .setParameter(2, assignment.serviceId())
                .setParameter(3, assignment.configId())
                .executeUpdate();
    }
}
