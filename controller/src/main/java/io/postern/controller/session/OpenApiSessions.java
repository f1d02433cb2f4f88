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
    protected Uni<List<ApiSessionView>> views(Mutiny.Session session, List<ApiSessionRow> rows) {
        return References.names(
                        session,
                        "identity",
                        rows.stream().map(row -> row.identityId).toList())
                .map(names -> rows.stream()
                        .map(row -> row.view(names.getOrDefault(row.identityId, "")))
                        .toList());
    }
}
