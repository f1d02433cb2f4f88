package io.postern.controller.terminator;

import io.postern.api.EntityRef;
import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.Stored;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

@Entity
@Table(name = "terminator")
class TerminatorRow extends Stored {
    static final Kind<TerminatorRow, TerminatorDraft> KIND = new Kind<>(
            "terminator",
            "terminators",
            "terminator",
            TerminatorRow.class,
            TerminatorDraft.class,
            TerminatorRow::new,
            TerminatorRow::write,
            TerminatorRow::draft,
            Map.of(
                    "service", Field.text("service_id"),
                    "router", Field.text("router_id"),
                    "service.name", Field.of(Field.Type.TEXT, "select s.name from service s where s.id = e.service_id"),
                    "router.name",
                            Field.of(Field.Type.TEXT, "select r.name from edge_router r where r.id = e.router_id"),
                    "binding", Field.text("binding"),
                    "address", Field.text("address"),
                    "instanceId", Field.text("instance_id"),
                    "hostId", Field.text("host_id"),
                    "sourceCtrl", Field.text("source_ctrl")),
            Set.of("identity"),
            List.of());

    String serviceId = "";
    String routerId = "";
    String binding = "";
    String address = "";
    String instanceId = "";
    int cost;
    int dynamicCost;
    String precedence = "default";
    String hostId = "";
    String sourceCtrl = "";

    private void write(TerminatorDraft draft) {
        serviceId = draft.service();
        routerId = draft.router();
        binding = draft.binding();
        address = draft.address();
        instanceId = Objects.requireNonNullElse(draft.identity(), "");
        cost = Objects.requireNonNullElse(draft.cost(), 0);
        precedence = Objects.requireNonNullElse(draft.precedence(), "default");
        tags(Objects.requireNonNullElse(draft.tags(), Map.of()));
    }

    private TerminatorDraft draft() {
        return new TerminatorDraft(serviceId, routerId, binding, address, instanceId, cost, precedence, tags());
    }

    TerminatorView view(String serviceName, String routerName) {
        return new TerminatorView(
                KIND.base(this),
                EntityRef.of("services", serviceId, serviceName),
                serviceId,
                EntityRef.of("transit-routers", routerId, routerName),
                routerId,
                binding,
                address,
                instanceId,
                cost,
                dynamicCost,
                precedence);
    }
}
