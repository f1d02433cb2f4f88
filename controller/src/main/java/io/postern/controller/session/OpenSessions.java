package io.postern.controller.session;

import io.postern.controller.access.Revocations;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.NoDraft;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** Sessions that are open. */
@Singleton
public class OpenSessions extends CrudService<SessionRow, NoDraft, SessionView> {
    private final Revocations revocations;

    OpenSessions(Kernel kernel, Revocations revocations) {
        super(SessionRow.KIND, kernel);
        this.revocations = revocations;
    }

    /** Routers keep believing its token otherwise. */
    @Override
    protected Uni<Void> removing(Work work, SessionRow row) {
        return revocations.session(work, row.id());
    }

    @Override
    protected Uni<List<SessionView>> views(Mutiny.Session session, List<SessionRow> rows) {
        return References.names(
                        session,
                        "service",
                        rows.stream().map(row -> row.serviceId).toList())
                .map(names -> rows.stream()
                        .map(row -> row.view(names.getOrDefault(row.serviceId, "")))
                        .toList());
    }
}
