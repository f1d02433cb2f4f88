package io.postern.controller.enrollment;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.boot.PosternConfig;
import io.postern.controller.kernel.Columns;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Ids;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Enrollments: one per identity and method. Using one up is the enrolling's, which takes it by {@link #take}. */
@Singleton
public class Enrollments extends CrudService<EnrollmentRow, EnrollmentDraft, EnrollmentView> {
    public static final String ROUTER_METHOD = "erott";

    private final Instance<EnrollmentSigner> signer;
    private final PosternConfig.Enrollment life;

    Enrollments(Kernel kernel, Instance<EnrollmentSigner> signer, PosternConfig config) {
        super(EnrollmentRow.KIND, kernel);
        this.signer = signer;
        this.life = config.enrollment();
    }

    @Override
    protected List<String> extras() {
        return List.of(
                "(select x.name from identity x where x.id = e.identity_id)",
                "(select x.name from edge_router x where x.id = e.edge_router_id)");
    }

    @Override
    protected EnrollmentView view(Found<EnrollmentRow> found) {
        return found.row().view(found.text(0), found.text(1));
    }

    @Override
    protected Uni<Void> admit(Work work, String id, EnrollmentDraft draft, @Nullable EnrollmentDraft before) {
        if (!draft.expiresAt().isAfter(work.now())) {
            throw Refusal.field(
                    "expiresAt",
                    "expiresAt must be in the future",
                    draft.expiresAt().toString());
        }
        if (draft.method() == EnrollmentMethod.updb
                && (draft.username() == null || draft.username().isBlank())) {
            throw Refusal.field("username", "username is required for updb", draft.username());
        }
        if (draft.method() == EnrollmentMethod.ottca) {
            throw Refusal.field("caId", "caId must name what exists", draft.caId());
        }
        return References.require(work, "identity", "identityId", List.of(draft.identityId()))
                .chain(() -> exists(work, draft))
                .invoke(exists -> {
                    if (exists) {
                        throw Refusal.field(
                                ErrorCode.ENROLLMENT_EXISTS,
                                "method",
                                "an enrollment of this method exists",
                                draft.method().name());
                    }
                })
                .replaceWithVoid();
    }

    private static Uni<Boolean> exists(Work work, EnrollmentDraft draft) {
        return work.session()
                .createNativeQuery(
                        "select exists (select from enrollment where identity_id = ?1 and method = ?2)", Boolean.class)
                .setParameter(1, draft.identityId())
                .setParameter(2, draft.method().name())
                .getSingleResult();
    }

    @Override
    public Uni<EnrollmentRow> create(Work work, String id, EnrollmentDraft draft) {
        return admit(work, id, draft, null).flatMap(admitted -> {
            EnrollmentRow row = new EnrollmentRow();
            row.stamp(id, work.now());
            kind().write().accept(row, draft);
            return signed(work, row, draft.identityId());
        });
    }

    /** An identity's first enrollment, made with it; expires after the configured life. */
    public Uni<Void> issue(Work work, String identityId, EnrollmentMethod method, @Nullable String username) {
        var draft = new EnrollmentDraft(identityId, method, work.now().plus(life.identity()), username, null);
        return create(work, Ids.next(), draft).replaceWithVoid();
    }

    /** An edge router's enrollment; an earlier one is void. */
    public Uni<Void> issueForRouter(Work work, String routerId) {
        return voidOfRouter(work, routerId).chain(() -> {
            EnrollmentRow row = new EnrollmentRow();
            row.stamp(Ids.next(), work.now());
            row.method = ROUTER_METHOD;
            row.edgeRouterId = routerId;
            row.expiresAt = work.now().plus(life.router());
            return signed(work, row, routerId).replaceWithVoid();
        });
    }

    private static Uni<Integer> voidOfRouter(Work work, String routerId) {
        return work.session()
                .createNativeQuery("delete from enrollment where edge_router_id = ?1")
                .setParameter(1, routerId)
                .executeUpdate();
    }

    /** Gives an enrollment a new token and a new end. */
    public Uni<Void> refresh(String id, Instant expiresAt) {
        if (!expiresAt.isAfter(kernel().now())) {
            throw Refusal.field("expiresAt", "expiresAt must be in the future", expiresAt.toString());
        }
        return kernel().write(work -> locked(work, id).flatMap(row -> {
            row.expiresAt = expiresAt;
            row.touch(work.now());
            return signed(work, row, Objects.requireNonNullElse(row.identityId, row.edgeRouterId))
                    .replaceWithVoid();
        }));
    }

    /**
     * Uses an enrollment up: finds it by its token, checks its method and end, and removes it. The transaction is the
     * caller's, so that nothing is used up when the enrolling fails.
     *
     * @throws Refusal {@code INVALID_ENROLLMENT_TOKEN}, {@code INVALID_ENROLL_METHOD} or {@code ENROLLMENT_EXPIRED}
     */
    public Uni<Enrollment> take(Work work, String method, String token) {
        return work.session()
                .createNativeQuery(
                        "select " + Columns.of(EnrollmentRow.class) + " from enrollment e where token = ?1 for update",
                        EnrollmentRow.class)
                .setParameter(1, token)
                .getSingleResultOrNull()
                .flatMap(row -> {
                    if (row == null) {
                        throw Refusal.of(ErrorCode.INVALID_ENROLLMENT_TOKEN);
                    }
                    if (!row.method.equals(method)) {
                        throw Refusal.of(ErrorCode.INVALID_ENROLL_METHOD);
                    }
                    if (!row.expiresAt.isAfter(work.now())) {
                        throw Refusal.of(ErrorCode.ENROLLMENT_EXPIRED);
                    }
                    Enrollment taken = row.enrollment();
                    return work.session().remove(row).replaceWith(taken);
                });
    }

    private Uni<EnrollmentRow> signed(Work work, EnrollmentRow row, String subject) {
        if (!signer.isResolvable()) {
            throw Refusal.of(ErrorCode.TIMEOUT, "the controller cannot sign enrollments yet");
        }
        row.token = UUID.randomUUID().toString();
        row.expiresAt = row.expiresAt.truncatedTo(ChronoUnit.MILLIS);
        row.jwt = signer.get().sign(row.method, subject, row.token, row.expiresAt);
        return work.session().persist(row).call(() -> work.session().flush()).replaceWith(row);
    }
}
