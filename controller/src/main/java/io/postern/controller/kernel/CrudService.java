package io.postern.controller.kernel;

import io.postern.api.ErrorCode;
import io.postern.api.ListEnvelope;
import io.postern.api.Refusal;
import io.postern.api.filter.ListQuery;
import io.postern.controller.kernel.ModelChange.Action;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * The things that can be done to any kind. A feature extends it only where the feature has a rule.
 *
 * @param <E> the stored row
 * @param <D> the draft
 * @param <V> the view: what a caller reads
 */
public abstract class CrudService<E extends Stored, D, V> {
    private final Kind<E, D> kind;
    private final Kernel kernel;

    protected CrudService(Kind<E, D> kind, Kernel kernel) {
        this.kind = kind;
        this.kernel = kernel;
    }

    /** SQL over the row {@code e}, one column each: what the view tells of other kinds. Read with the row, in one statement. */
    protected List<String> extras() {
        return List.of();
    }

    /** The row as a caller reads it. */
    protected abstract V view(Found<E> found);

    /** The feature's rule about a write, before it: refuses, or completes. {@code before} is null on create. */
    protected Uni<Void> admit(Work work, String id, D draft, @Nullable D before) {
        return done();
    }

    /** What else a create makes. */
    protected Uni<Void> created(Work work, E row, D draft) {
        return done();
    }

    /** What else a change changes. */
    protected Uni<Void> updated(Work work, E row, D draft, D before) {
        return done();
    }

    /** What must be so before a delete, and what else goes with it. */
    protected Uni<Void> removing(Work work, E row) {
        return done();
    }

    protected static Uni<Void> done() {
        return Uni.createFrom().voidItem();
    }

    protected Kernel kernel() {
        return kernel;
    }

    public Kind<E, D> kind() {
        return kind;
    }

    public Uni<ListEnvelope<V>> list(ListQuery query, Scope scope) {
        return list(
                query,
                scope,
                (reads, rows) ->
                        Uni.createFrom().item(rows.stream().map(this::view).toList()));
    }

    /** A list that is read in another light than the administrator's. */
    protected Uni<ListEnvelope<V>> list(
            ListQuery query, Scope scope, BiFunction<Reads, List<Found<E>>, Uni<List<V>>> light) {
        return Lists.rows(kernel.reads(), kind, extras(), query, scope)
                .flatMap(found -> light.apply(kernel.reads(), found.rows())
                        .map(views -> ListEnvelope.of(
                                views,
                                query.paging(),
                                found.total(),
                                kind.fields().keySet().stream().sorted().toList())));
    }

    Uni<? extends ListEnvelope<?>> sublist(String id, String name, ListQuery query) {
        return kernel.sublists().list(kind.collection(), id, name, query);
    }

    public Uni<V> get(String id) {
        return Lists.row(kernel.reads(), kind, extras(), id)
                .map(rows ->
                        rows.stream().findFirst().map(this::view).orElseThrow(() -> Refusal.notFound(kind.name(), id)));
    }

    /** @return the new id */
    public Uni<String> create(JsonBody body) {
        D draft = kernel.drafts().read(body, kind.draft());
        return telling(
                body, kernel.write(work -> create(work, Ids.next(), draft).map(Stored::id)));
    }

    public Uni<Void> replace(String id, JsonBody body) {
        return telling(body, change(id, before -> kernel.drafts().replace(before, body, kind.draft(), kind.kept())));
    }

    public Uni<Void> patch(String id, JsonBody body) {
        return telling(body, change(id, before -> kernel.drafts().merge(before, body, kind.draft())));
    }

    /** A constraint knows the field and not the value: the body does. */
    private static <T> Uni<T> telling(JsonBody body, Uni<T> outcome) {
        return outcome.onFailure(Refusal.class).transform(failure -> body.told((Refusal) failure));
    }

    public Uni<Void> delete(String id) {
        return kernel.write(work -> locked(work, id).flatMap(row -> {
            if (row.isSystem()) {
                throw Refusal.of(ErrorCode.ENTITY_CAN_NOT_BE_DELETED, "it belongs to the system");
            }
            return remove(work, row);
        }));
    }

    /** Creates within a transaction of the caller's, under a given id. */
    public Uni<E> create(Work work, String id, D draft) {
        return admit(work, id, draft, null).flatMap(admitted -> {
            E row = kind.blank().get();
            row.stamp(id, work.now());
            kind.write().accept(row, draft);
            work.changed(kind.name(), id, Action.CREATE);
            return work.session()
                    .persist(row)
                    .call(() -> work.session().flush())
                    .call(() -> created(work, row, draft))
                    .replaceWith(row);
        });
    }

    /** Removes within a transaction of the caller's. */
    public Uni<Void> remove(Work work, E row) {
        work.changed(kind.name(), row.id(), Action.DELETE);
        return removing(work, row)
                .chain(() -> work.session().remove(row))
                .call(() -> work.session().flush());
    }

    /** Changes a row by hand, under its lock, within a transaction of its own. */
    protected Uni<Void> touch(String id, Function<E, Uni<Void>> change) {
        return kernel.write(work -> locked(work, id).flatMap(row -> {
            row.touch(work.now());
            work.changed(kind.name(), id, Action.UPDATE);
            return change.apply(row);
        }));
    }

    protected Uni<E> find(Mutiny.Session session, String id) {
        return orNotFound(session.find(kind.row(), id), id);
    }

    protected Uni<E> locked(Work work, String id) {
        return orNotFound(work.session().find(kind.row(), id, LockModeType.PESSIMISTIC_WRITE), id);
    }

    private Uni<E> orNotFound(Uni<E> found, String id) {
        return found.onItem().ifNull().failWith(() -> Refusal.notFound(kind.name(), id));
    }

    private Uni<Void> change(String id, Function<D, D> toDraft) {
        return kernel.write(work -> locked(work, id).flatMap(row -> {
            if (row.isSystem()) {
                throw Refusal.of(ErrorCode.ENTITY_CAN_NOT_BE_UPDATED, "it belongs to the system");
            }
            D before = kind.toDraft().apply(row);
            D draft = toDraft.apply(before);
            return admit(work, id, draft, before).flatMap(admitted -> {
                kind.write().accept(row, draft);
                row.touch(work.now());
                work.changed(kind.name(), id, Action.UPDATE);
                return work.session().flush().call(() -> updated(work, row, draft, before));
            });
        }));
    }
}
