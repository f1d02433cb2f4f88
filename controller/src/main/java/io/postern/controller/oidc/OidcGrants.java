package io.postern.controller.oidc;

import static io.postern.controller.oidc.OidcLogins.at;
import static io.postern.controller.oidc.OidcLogins.first;
import static io.postern.controller.oidc.OidcLogins.tuple;

import io.postern.controller.boot.PosternConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Grants in the database. A refresh token is good once; its turn to the next one is a single statement. */
@Singleton
class OidcGrants {
    /** The Go SDK exchanges one refresh token twice: for the next one, and then for an id token (SDK sheet 3.3). */
    private static final Duration SECOND_EXCHANGE = Duration.ofMinutes(1);

    private static final String COLUMNS = "api_session_id, client_id, scopes, nonce, authenticated_at";
    private static final String FIND =
            "select " + COLUMNS + " from oidc_grant where api_session_id = $1 and client_id = $2";
    private static final String CURRENT = FIND + " and refresh_id = $3";
    private static final String FOR_ID_TOKEN =
            FIND + " and (refresh_id = $3 or (previous_refresh_id = $3 and refreshed_at > $4))";
    private static final String TURN = """
            with turned as (update oidc_grant set refresh_id = $4, previous_refresh_id = $3, refreshed_at = $5
                            where api_session_id = $1 and client_id = $2 and refresh_id = $3
                            returning %s),
            kept as (update api_session set expires_at = greatest(expires_at, $6), last_activity_at = $5
                     where id in (select api_session_id from turned))
            select * from turned
            """.formatted(COLUMNS);

    private final Pool database;
    private final PosternConfig config;

    OidcGrants(Pool database, PosternConfig config) {
        this.database = database;
        this.config = config;
    }

    /** Takes the refresh token for the next; empty when it is not the latest. */
    Uni<Optional<OidcGrant>> turn(RefreshClaims used, String next, Instant now) {
        return database.preparedQuery(TURN)
                .execute(tuple(
                        used.apiSessionId(),
                        used.clientId(),
                        used.tokenId(),
                        next,
                        at(now),
                        at(now.plus(config.oidc().refreshToken()))))
                .map(rows -> first(rows).map(OidcGrant::read));
    }

    /** The grant of the latest refresh token, and shortly after its turn of the one before. */
    Uni<Optional<OidcGrant>> forIdToken(RefreshClaims used, Instant now) {
        return database.preparedQuery(FOR_ID_TOKEN)
                .execute(tuple(used.apiSessionId(), used.clientId(), used.tokenId(), at(now.minus(SECOND_EXCHANGE))))
                .map(rows -> first(rows).map(OidcGrant::read));
    }

    /** Whether it is the latest refresh token of its API Session. */
    Uni<Boolean> isCurrent(RefreshClaims token) {
        return database.preparedQuery(CURRENT)
                .execute(tuple(token.apiSessionId(), token.clientId(), token.tokenId()))
                .map(rows -> rows.size() == 1);
    }

    Uni<Optional<OidcGrant>> find(String apiSessionId, String clientId) {
        return database.preparedQuery(FIND)
                .execute(tuple(apiSessionId, clientId))
                .map(rows -> first(rows).map(OidcGrant::read));
    }
}
