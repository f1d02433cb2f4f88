package io.postern.controller.terminator;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Terminators as administrators see them. Those of hosts come and go over the control channel. */
@Singleton
public class Terminators extends CrudService<TerminatorRow, TerminatorDraft, TerminatorView> {
    Terminators(Kernel kernel) {
        super(TerminatorRow.KIND, kernel);
    }

    @Override
    protected Uni<List<TerminatorView>> views(Mutiny.Session session, List<TerminatorRow> rows) {
        return References.names(
                        session,
                        "service",
                        rows.stream().map(row -> row.serviceId).toList())
                .flatMap(services -> References.names(
                                session,
                                "edge_router",
                                rows.stream().map(row -> row.routerId).toList())
                        .map(routers -> rows.stream()
                                .map(row -> row.view(services, routers))
                                .toList()));
    }

    @Override
    protected Uni<Void> admit(Work work, String id, TerminatorDraft draft, @Nullable TerminatorDraft before) {
        return References.require(work, "service", "service", List.of(draft.service()))
                .chain(() -> References.require(work, "edge_router", "router", List.of(draft.router())));
    }
}
