package io.postern.controller.terminator;

import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Terminators as administrators see them. Those of hosts come and go over the control channel. */
@Singleton
public class Terminators extends CrudService<TerminatorRow, TerminatorDraft, TerminatorView> {
    Terminators(Kernel kernel) {
        super(TerminatorRow.KIND, kernel);
    }

    @Override
    protected List<String> extras() {
        return List.of(
                "(select x.name from service x where x.id = e.service_id)",
                "(select x.name from edge_router x where x.id = e.router_id)");
    }

    @Override
    protected TerminatorView view(Found<TerminatorRow> found) {
        return found.row().view(found.text(0), found.text(1));
    }

    @Override
    protected Uni<Void> admit(Work work, String id, TerminatorDraft draft, @Nullable TerminatorDraft before) {
        return References.require(work, "service", "service", List.of(draft.service()))
                .chain(() -> References.require(work, "edge_router", "router", List.of(draft.router())));
    }
}
