package io.postern.controller.access;

import io.postern.controller.boot.PosternConfig;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends what was given out: routers verify tokens by themselves and learn of an end by these entries of the model. An entry
 * is kept until every token that it ends has expired.
 */
@Singleton
public class Revocations {
    private static final String KIND = "revocation";
    private static final String INSERT = """
            insert into revocation (id, created_at, updated_at, type, expires_at, issued_before)
            values (?1, ?2, ?2, ?3, ?4, ?5)
            on conflict (id) do update set updated_at = excluded.updated_at, expires_at = excluded.expires_at,
                                           issued_before = excluded.issued_before
            """;

    private final Kernel kernel;
    private final PosternConfig config;

    Revocations(Kernel kernel, PosternConfig config) {
        this.kernel = kernel;
        this.config = config;
    }

    /**
     * Removes an API Session with its Sessions and ends its token.
     *
     * @return false when there was no such session
     */
    Uni<Boolean> apiSession(String id, Instant tokenEnds) {
        return kernel.write(work -> work.session()
                .createNativeQuery("delete from api_session where id = ?1")
                .setParameter(1, id)
                .executeUpdate()
                .flatMap(count -> count == 0
                        ? Uni.createFrom().item(false)
                        : revoke(work, id, "API_SESSION", tokenEnds, null).replaceWith(true)));
    }

    /** Within the caller's transaction: ends the token of an API Session that the caller removes. */
    public Uni<Void> apiSession(Work work, String id) {
        return revoke(work, id, "API_SESSION", longest(work), null);
    }

    /** Within the caller's transaction: ends the API Sessions that were begun with an authenticator. */
    public Uni<Void> authenticator(Work work, String authenticatorId) {
        return sessions(work, "authenticator_id", authenticatorId);
    }

    private Uni<Void> sessions(Work work, String column, String id) {
        return work.session()
                .createNativeQuery("delete from api_session where " + column + " = ?1 returning id", String.class)
                .setParameter(1, id)
                .getResultList()
                .onItem()
                .transformToMulti(ids -> Multi.createFrom().iterable(List.copyOf(ids)))
                .onItem()
                .transformToUniAndConcatenate(session -> apiSession(work, session))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Within the caller's transaction: ends one Session, whose id is its token's. */
    public Uni<Void> session(Work work, String id) {
        return revoke(work, id, "JTI", longest(work), null);
    }

    /**
     * Within the caller's transaction: ends the API Sessions of the identity and every token that it was given. Tokens say
     * when they were issued in whole seconds: of those of this second the API Sessions alone are ended, lest a token that
     * the identity is given after this counts as one from before.
     */
    public Uni<Void> identity(Work work, String identityId) {
        Instant thisSecond = work.now().truncatedTo(ChronoUnit.SECONDS);
        return sessions(work, "identity_id", identityId)
                .chain(() -> revoke(work, identityId, "IDENTITY", longest(work), thisSecond));
    }

    private Instant longest(Work work) {
        return work.now().plus(config.sessions().token());
    }

    private static Uni<Void> revoke(
            Work work, String id, String type, Instant expiresAt, @Nullable Instant issuedBefore) {
        work.changed(KIND, id, Action.CREATE);
        return work.session()
                .createNativeQuery(INSERT)
                .setParameter(1, id)
                .setParameter(2, work.now())
                .setParameter(3, type)
                .setParameter(4, expiresAt)
                .setParameter(5, issuedBefore)
                .executeUpdate()
                .replaceWithVoid();
    }
}
