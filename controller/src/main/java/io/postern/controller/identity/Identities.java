package io.postern.controller.identity;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.access.Revocations;
import io.postern.controller.enrollment.EnrollmentMethod;
import io.postern.controller.enrollment.Enrollments;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.JsonBody;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Work;
import io.postern.controller.policy.Roles;
import io.postern.controller.presence.IdentityPresence;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Identities. Those of type Router come and go with their edge router; the default admin stays, and stays an admin. */
@Singleton
public class Identities extends CrudService<IdentityRow, IdentityDraft, IdentityView> {
    private final Enrollments enrollments;
    private final Revocations revocations;
    private final Instance<IdentityPresence> presence;

    Identities(Kernel kernel, Enrollments enrollments, Revocations revocations, Instance<IdentityPresence> presence) {
        super(IdentityRow.KIND, kernel);
        this.enrollments = enrollments;
        this.revocations = revocations;
        this.presence = presence;
    }

    @Override
    protected List<String> extras() {
        return IdentityDetails.SQL;
    }

    @Override
    protected IdentityView view(Found<IdentityRow> found) {
        IdentityRow row = found.row();
        return row.view(IdentityDetails.of(found), isConnected(row.id()), kernel().now());
    }

    private boolean isConnected(String id) {
        return presence.isResolvable() && presence.get().isConnected(id);
    }

    @Override
    protected Uni<Void> admit(Work work, String id, IdentityDraft draft, @Nullable IdentityDraft before) {
        boolean wasRouter = before != null && before.type() == IdentityType.Router;
        boolean isRouter = draft.type() == IdentityType.Router;
        if (before != null && wasRouter != isRouter) {
            throw Refusal.field(
                    "type",
                    "type cannot become or cease to be Router",
                    draft.type().name());
        }
        checkCosts(draft);
        String policy = draft.authPolicyId();
        boolean isDemoted = before != null && before.isAdmin() && !draft.isAdmin();
        return (isDemoted ? refuseDefaultAdmin(work, id) : done())
                .chain(() -> References.require(
                        work, "auth_policy", "authPolicyId", policy == null ? List.of() : List.of(policy)))
                .chain(() ->
                        References.require(work, "service", "serviceHostingCosts", keys(draft.serviceHostingCosts())))
                .chain(() -> References.require(
                        work, "service", "serviceHostingPrecedences", keys(draft.serviceHostingPrecedences())));
    }

    /** With it the last one who can give rights back might lose them. */
    private static Uni<Void> refuseDefaultAdmin(Work work, String id) {
        return work.session()
                .find(IdentityRow.class, id)
                .invoke(row -> {
                    if (row != null && row.isDefaultAdmin) {
                        throw Refusal.field("isAdmin", "isAdmin must be true: the default admin stays one", false);
                    }
                })
                .replaceWithVoid();
    }

    private static Set<String> keys(@Nullable Map<String, ?> map) {
        return map == null ? Set.of() : map.keySet();
    }

    private static void checkCosts(IdentityDraft draft) {
        Objects.requireNonNullElse(draft.serviceHostingCosts(), Map.<String, Integer>of())
                .forEach((service, cost) -> {
                    if (cost == null || cost < 0 || cost > 65_535) {
                        throw Refusal.field("serviceHostingCosts." + service, "must be 0 to 65535", cost);
                    }
                });
    }

    /** An API caller makes no Router: it comes with its edge router. */
    @Override
    public Uni<String> create(JsonBody body) {
        IdentityDraft draft = kernel().drafts().read(body, IdentityDraft.class);
        if (draft.type() == IdentityType.Router) {
            throw Refusal.field("type", "type must not be Router: it comes with its edge router", "Router");
        }
        return super.create(body);
    }

    @Override
    protected Uni<Void> created(Work work, IdentityRow row, IdentityDraft draft) {
        IdentityDraft.FirstEnrollment first = draft.enrollment();
        if (first == null) {
            return done();
        }
        if (first.ottca() != null) {
            throw Refusal.field("enrollment.ottca", "enrollment.ottca must name what exists", first.ottca());
        }
        Uni<Void> issued = done();
        if (Boolean.TRUE.equals(first.ott())) {
            issued = enrollments.issue(work, row.id(), EnrollmentMethod.ott, null);
        }
        String username = first.updb();
        return username == null
                ? issued
                : issued.chain(() -> enrollments.issue(work, row.id(), EnrollmentMethod.updb, username));
    }

    @Override
    protected Uni<Void> removing(Work work, IdentityRow row) {
        if (row.isDefaultAdmin) {
            throw Refusal.of(ErrorCode.ENTITY_CAN_NOT_BE_DELETED, "the default admin stays");
        }
        if (row.isRouter()) {
            throw Refusal.of(
                    ErrorCode.ENTITY_CAN_NOT_BE_DELETED,
                    "cannot delete router identity " + row.name + " until associated router is deleted");
        }
        return Roles.forgetIdentity(work, row.id()).chain(() -> revocations.identity(work, row.id()));
    }

    /** Makes the first admin, who cannot be deleted, or finds that there is one: then the id of that one. */
    public Uni<String> defaultAdmin(Work work, String newId, String name) {
        return work.session()
                .createNativeQuery("select id from identity where is_default_admin", String.class)
                .getSingleResultOrNull()
                .flatMap(known -> known != null
                        ? Uni.createFrom().item(known)
                        : create(work, newId, blank(name, IdentityType.Default, true))
                                .map(row -> {
                                    row.isDefaultAdmin = true;
                                    return row.id();
                                }));
    }

    /** The identity of an edge router that hosts and dials by itself: its id is the router's. */
    public Uni<Void> createForRouter(Work work, String routerId, String name) {
        return create(work, routerId, blank(name, IdentityType.Router, false)).replaceWithVoid();
    }

    public Uni<Void> renameForRouter(Work work, String routerId, String name) {
        return work.session()
                .find(IdentityRow.class, routerId)
                .invoke(row -> {
                    if (row != null && row.isRouter() && !row.name.equals(name)) {
                        row.name = name;
                        row.touch(work.now());
                        work.changed(kind().name(), routerId, Action.UPDATE);
                    }
                })
                .replaceWithVoid();
    }

    public Uni<Void> removeForRouter(Work work, String routerId) {
        return work.session().find(IdentityRow.class, routerId).flatMap(row -> {
            if (row == null || !row.isRouter()) {
                return done();
            }
            work.changed(kind().name(), routerId, Action.DELETE);
            return Roles.forgetIdentity(work, routerId)
                    .chain(() -> work.session().remove(row))
                    .call(() -> work.session().flush());
        });
    }

    /** Stops an identity: it may nothing, and its API Sessions end. */
    public Uni<Void> disable(String id, long minutes) {
        return kernel().write(work -> locked(work, id).flatMap(row -> {
            row.disabledAt = work.now();
            row.disabledUntil = minutes > 0 ? work.now().plus(Duration.ofMinutes(minutes)) : null;
            row.touch(work.now());
            work.changed(kind().name(), id, Action.UPDATE);
            return revocations.identity(work, id);
        }));
    }

    public Uni<Void> enable(String id) {
        return touch(id, row -> {
            row.disabledAt = null;
            row.disabledUntil = null;
            return done();
        });
    }

    private static IdentityDraft blank(String name, IdentityType type, boolean admin) {
        return new IdentityDraft(name, type, admin, null, null, null, null, null, null, null, null, null, null, null);
    }
}
