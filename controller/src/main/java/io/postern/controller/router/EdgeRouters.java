package io.postern.controller.router;

import io.postern.controller.enrollment.Enrollments;
import io.postern.controller.identity.Identities;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Ids;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Stored;
import io.postern.controller.kernel.Work;
import io.postern.controller.policy.Roles;
import io.postern.controller.policy.RouterPolicies;
import io.postern.controller.presence.RouterPresence;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Edge routers. One that hosts and dials by itself has an identity of its own id and a policy of the system that gives
 * it itself; both come and go with {@code isTunnelerEnabled}.
 */
@Singleton
public class EdgeRouters extends CrudService<EdgeRouterRow, EdgeRouterDraft, EdgeRouterView> {
    private final Enrollments enrollments;
    private final Identities identities;
    private final Instance<RouterPresence> presence;

    EdgeRouters(Kernel kernel, Enrollments enrollments, Identities identities, Instance<RouterPresence> presence) {
        super(EdgeRouterRow.KIND, kernel);
        this.enrollments = enrollments;
        this.identities = identities;
        this.presence = presence;
    }

    @Override
    protected List<String> extras() {
        return List.of(RouterEnrollment.SQL);
    }

    @Override
    protected EdgeRouterView view(Found<EdgeRouterRow> found) {
        EdgeRouterRow row = found.row();
        return row.view(presence(row.id()), RouterEnrollment.of(found.object(0)));
    }

    private Optional<RouterPresence.Presence> presence(String id) {
        return presence.isResolvable() ? presence.get().of(id) : Optional.empty();
    }

    @Override
    protected Uni<Void> admit(Work work, String id, EdgeRouterDraft draft, @Nullable EdgeRouterDraft before) {
        List<String> configs = Objects.requireNonNullElse(draft.configs(), List.of());
        return References.require(work, "config", "configs", configs);
    }

    @Override
    protected Uni<Void> created(Work work, EdgeRouterRow row, EdgeRouterDraft draft) {
        return enrollments.issueForRouter(work, row.id()).chain(() -> tunneler(work, row, false));
    }

    @Override
    protected Uni<Void> updated(Work work, EdgeRouterRow row, EdgeRouterDraft draft, EdgeRouterDraft before) {
        return tunneler(work, row, Boolean.TRUE.equals(before.isTunnelerEnabled()));
    }

    private Uni<Void> tunneler(Work work, EdgeRouterRow row, boolean was) {
        if (row.isTunnelerEnabled && !was) {
            return identities
                    .createForRouter(work, row.id(), row.name)
                    .chain(() -> RouterPolicies.create(work, row.id()));
        }
        if (row.isTunnelerEnabled) {
            return identities.renameForRouter(work, row.id(), row.name);
        }
        return was ? withoutTunneler(work, row) : done();
    }

    private Uni<Void> withoutTunneler(Work work, EdgeRouterRow row) {
        return RouterPolicies.remove(work, row.id()).chain(() -> identities.removeForRouter(work, row.id()));
    }

    @Override
    protected Uni<Void> removing(Work work, EdgeRouterRow row) {
        return withoutTunneler(work, row).chain(() -> Roles.forgetRouter(work, row.id()));
    }

    /** Makes the router's certificate worth nothing and issues a new enrollment. */
    public Uni<Void> reEnroll(String id) {
        return kernel().write(work -> renewed(work, id).replaceWithVoid());
    }

    /**
     * A fresh enrollment token for the router of this name, which is made if there is none. What its certificate was is worth
     * nothing from now on.
     */
    public Uni<String> enrollmentOf(String name, List<String> roles, boolean tunneler) {
        return kernel().write(work -> byName(work, name)
                .flatMap(id -> id == null
                        ? create(work, Ids.next(), fresh(name, roles, tunneler)).map(Stored::id)
                        : renewed(work, id))
                .flatMap(id -> work.session()
                        .createNativeQuery("select jwt from enrollment where edge_router_id = ?1", String.class)
                        .setParameter(1, id)
                        .getSingleResult()));
    }

    private static Uni<@Nullable String> byName(Work work, String name) {
        return work.session()
                .createNativeQuery("select id from edge_router where name = ?1", String.class)
                .setParameter(1, name)
                .getSingleResultOrNull();
    }

    private static EdgeRouterDraft fresh(String name, List<String> roles, boolean tunneler) {
        return new EdgeRouterDraft(name, tunneler, roles, null, null, null, null, null, null, null);
    }

    private Uni<String> renewed(Work work, String id) {
        return locked(work, id)
                .flatMap(row -> {
                    row.certified(null, null);
                    row.touch(work.now());
                    work.changed(kind().name(), id, Action.UPDATE);
                    return enrollments.issueForRouter(work, id);
                })
                .call(() -> work.session().flush())
                .replaceWith(id);
    }

    /** The certificate that an enrollment made, within the enrollment's transaction. */
    public Uni<Void> enrolled(Work work, String id, String fingerprint, String certPem) {
        return locked(work, id)
                .invoke(row -> {
                    row.certified(fingerprint, certPem);
                    row.touch(work.now());
                    work.changed(kind().name(), id, Action.UPDATE);
                })
                .replaceWithVoid();
    }
}
