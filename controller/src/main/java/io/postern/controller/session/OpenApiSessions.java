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

/** API Sessions that are open. */
@Singleton
public class OpenApiSessions extends CrudService<ApiSessionRow, NoDraft, ApiSessionView> {
    private final Revocations revocations;

    OpenApiSessions(Kernel kernel, Revocations revocations) {
        super(ApiSessionRow.KIND, kernel);
        this.revocations = revocations;
    }

    /** Routers keep believing its token otherwise. */
    @Override
    protected Uni<Void> removing(Work work, ApiSessionRow row) {
        return revocations.apiSession(work, row.id());
    }

    @Override
    protected List<String> extras() {
        return List.of("(select x.name from identity x where x.id = e.identity_id)");
    }

    @Override
    protected ApiSessionView view(Found<ApiSessionRow> found) {
        return found.row().view(found.text(0));
    }
}
