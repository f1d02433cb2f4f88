package io.postern.controller.oidc;

import io.postern.controller.access.ApiSession;
import io.postern.controller.boot.PosternConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Logins under way, in the database: each step may come to another replica. Open ones are limited, for everybody can begin
 * one; codes are kept as hashes and are good once.
 */
@Singleton
class OidcLogins {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final int MOST_OPEN = 50_000;
    private static final int MOST_OPEN_PER_ADDRESS = 2_000;
    private static final String OPEN =
            """
            insert into oidc_login (id, created_at, expires_at, remote_address, client_id, redirect_uri, scopes, state, nonce,
                                    code_challenge)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
            where (select count(*) from (select 1 from oidc_login where remote_address = $4 and api_session_id is null
                                         limit %d) here) < %d
              and (select count(*) from (select 1 from oidc_login where api_session_id is null limit %d) anywhere) < %d
            """.formatted(MOST_OPEN_PER_ADDRESS, MOST_OPEN_PER_ADDRESS, MOST_OPEN, MOST_OPEN);
    private static final String IS_OPEN =
            "select 1 from oidc_login where id = $1 and api_session_id is null and expires_at > $2";
    private static final String AUTHENTICATED = """
            update oidc_login set api_session_id = $2, fingerprint = $3, authenticated_at = $4
            where id = $1 and api_session_id is null and expires_at > $4
            """;
    private static final String CODE = """
            update oidc_login set code_hash = $2, code_expires_at = $3
            where id = $1 and api_session_id is not null and code_hash is null and expires_at > $4
              and (fingerprint is null or fingerprint = $5)
            returning redirect_uri, state
            """;
    private static final String HOLDS = """
             code_hash = $1 and code_challenge = $2 and client_id = $3 and redirect_uri = $4
             and (fingerprint is null or fingerprint = $5)
            """;
    /** Redeems the code, writes the grant and lets the API Session live as long as its refresh token, all or nothing. */
    private static final String REDEEM = "with login as (update oidc_login set redeemed_at = $6 where" + HOLDS + """
             and redeemed_at is null and code_expires_at > $6
             returning api_session_id, client_id, scopes, nonce, authenticated_at),
            granted as (insert into oidc_grant (api_session_id, client_id, scopes, nonce, authenticated_at, refresh_id)
                        select api_session_id, client_id, scopes, nonce, authenticated_at,
                               case when 'offline_access' = any(scopes) then $7 end from login),
            kept as (update api_session set expires_at = greatest(expires_at, $8)
                     where id in (select api_session_id from login where 'offline_access' = any(scopes)))
            select * from login
            """;

    private static final String REDEEMED =
            "select api_session_id from oidc_login where" + HOLDS + " and redeemed_at is not null";

    private final Pool database;
    private final PosternConfig config;

    OidcLogins(Pool database, PosternConfig config) {
        this.database = database;
        this.config = config;
    }

    /** Where the browser goes with its code. */
    record Callback(String redirectUri, String state, String code) {
        /** Shows no code. */
        @Override
        public String toString() {
            return "callback to " + redirectUri;
        }
    }

    /** What a client shows to redeem a code. */
    record Redemption(
            String code,
            String verifier,
            String clientId,
            String redirectUri,
            @Nullable String fingerprint) {
        private Tuple key() {
            return tuple(Secrets.sha256(code), Secrets.sha256(verifier), clientId, redirectUri, fingerprint);
        }

        /** Shows neither code nor verifier. */
        @Override
        public String toString() {
            return "redemption by " + clientId;
        }
    }

    /** @return the new login's id; empty when too many are open */
    Uni<Optional<String>> open(AuthorizeRequest request, String remoteAddress, Instant now) {
        String id = UUID.randomUUID().toString();
        return database.preparedQuery(OPEN)
                .execute(tuple(
                        id,
                        at(now),
                        at(now.plus(LIFE)),
                        remoteAddress,
                        request.client().id(),
                        request.redirectUri(),
                        request.scopes().toArray(String[]::new),
                        request.state(),
                        request.nonce(),
                        request.codeChallenge()))
                .map(rows -> rows.rowCount() == 1 ? Optional.of(id) : Optional.empty());
    }

    /** Whether somebody may still authenticate for it. */
    Uni<Boolean> isOpen(String id, Instant now) {
        return database.preparedQuery(IS_OPEN).execute(tuple(id, at(now))).map(rows -> rows.size() == 1);
    }

    /** @return false when another was faster, or the login has expired: the API Session is then of no use */
    Uni<Boolean> authenticated(String id, ApiSession session, Instant now) {
        String fingerprint = session.certFingerprints().isEmpty()
                ? null
                : session.certFingerprints().getFirst();
        return database.preparedQuery(AUTHENTICATED)
                .execute(tuple(id, session.id(), fingerprint, at(now)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Gives the login its one code; empty when it is not authenticated, has its code, or comes with another certificate. */
    Uni<Optional<Callback>> code(String id, @Nullable String fingerprint, Instant now) {
        String code = Secrets.next();
        return database.preparedQuery(CODE)
                .execute(tuple(
                        id, Secrets.sha256(code), at(now.plus(config.oidc().code())), at(now), fingerprint))
                .map(rows -> first(rows).map(row -> new Callback(row.getString(0), row.getString(1), code)));
    }

    /** Takes the code for its grant, once. */
    Uni<Optional<OidcGrant>> redeem(Redemption redemption, String refreshId, Instant now) {
        Tuple values = redemption.key();
        values.addValue(at(now));
        values.addValue(refreshId);
        values.addValue(at(now.plus(config.oidc().refreshToken())));
        return database.preparedQuery(REDEEM)
                .execute(values)
                .map(rows -> first(rows).map(OidcGrant::read));
    }

    /** The API Session of a code that is shown for the second time. */
    Uni<Optional<String>> redeemed(Redemption redemption) {
        return database.preparedQuery(REDEEMED)
                .execute(redemption.key())
                .map(rows -> first(rows).map(row -> row.getString(0)));
    }

    static Optional<Row> first(RowSet<Row> rows) {
        var all = rows.iterator();
        return all.hasNext() ? Optional.of(all.next()) : Optional.empty();
    }

    static OffsetDateTime at(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
    }

    static Tuple tuple(@Nullable Object... values) {
        List<Object> all = new ArrayList<>(Arrays.asList(values));
        return Tuple.from(all);
    }
}
