package io.postern.controller.session;

import io.postern.controller.access.Revocations;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.NoDraft;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;

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
    protected List<String> extras() {
        return List.of("(select x.name from service x where x.id = e.service_id)");
    }

    @Override
    protected SessionView view(Found<SessionRow> found) {
        return found.row().view(found.text(0));
    }
}
