package io.postern.controller.oidc;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.controller.access.ApiSession;
import io.postern.controller.access.ApiSessions;
import io.postern.controller.oidc.OidcLogins.Redemption;
import io.postern.controller.token.Tokens;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gives tokens for codes and refresh tokens. Both are good once: who shows one for the second time ends the API Session, for
 * one of the two who have it has stolen it. What is bound to a certificate is given to the certificate's owner only, so that
 * a thief can neither use nor spoil it.
 */
@Singleton
class OidcExchanges {
    private static final Logger LOG = Logger.getLogger(OidcExchanges.class);
    private static final String TYPE = "urn:ietf:params:oauth:token-type:";
    private static final String BEARER = "Bearer";

    private final OidcLogins logins;
    private final OidcGrants grants;
    private final OidcTokens signing;
    private final Tokens tokens;
    private final ApiSessions sessions;
    private final MeterRegistry metrics;

    OidcExchanges(
            OidcLogins logins,
            OidcGrants grants,
            OidcTokens signing,
            Tokens tokens,
            ApiSessions sessions,
            MeterRegistry metrics) {
        this.logins = logins;
        this.grants = grants;
        this.signing = signing;
        this.tokens = tokens;
        this.sessions = sessions;
        this.metrics = metrics;
    }

    /** Answers any grant type. Fails with {@link OidcRefusal}. */
    Uni<TokenAnswer> answer(TokenRequest request, Instant now) {
        String grantType = request.parameters().get("grant_type");
        return switch (grantType) {
            case "authorization_code" -> code(request, now);
            case "refresh_token" -> refresh(request, now);
            case "urn:ietf:params:oauth:grant-type:token-exchange" -> exchange(request, now);
            case "" -> throw OidcRefusal.invalidRequest("grant_type is required");
            default -> throw new OidcRefusal(400, "unsupported_grant_type", "this grant_type is not offered");
        };
    }

    private Uni<TokenAnswer> code(TokenRequest request, Instant now) {
        Parameters said = request.parameters();
        var redemption = new Redemption(
                said.get("code"),
                said.get("code_verifier"),
                request.client().id(),
                said.get("redirect_uri"),
                request.fingerprint());
        String refreshId = UUID.randomUUID().toString();
        return logins.redeem(redemption, refreshId, now).flatMap(redeemed -> {
            if (redeemed.isEmpty()) {
                return logins.redeemed(redemption)
                        .flatMap(again -> again.isEmpty()
                                ? Uni.createFrom().failure(OidcRefusal.invalidGrant("invalid code"))
                                : reused("code", again.get(), request, now));
            }
            return session(redeemed.get().apiSessionId(), request, now)
                    .map(session -> whole(session, redeemed.get(), refreshId, now))
                    .invoke(done -> count("authorization_code"));
        });
    }

    private Uni<TokenAnswer> refresh(TokenRequest request, Instant now) {
        return turned(request, request.parameters().get("refresh_token"), now, (session, grant, refreshId) -> {
            count("refresh_token");
            return whole(session, grant, refreshId, now);
        });
    }

    private Uni<TokenAnswer> exchange(TokenRequest request, Instant now) {
        String subject = request.parameters().get("subject_token");
        String kind = kind(request.parameters().get("subject_token_type"));
        String wanted = kind(request.parameters().get("requested_token_type"));
        return switch (kind) {
            case "refresh_token" -> exchangeRefresh(request, subject, wanted, now);
            case "access_token" -> exchangeAccess(request, subject, wanted, now);
            default -> throw OidcRefusal.invalidRequest("subject_token_type is not one that is exchanged");
        };
    }

    private Uni<TokenAnswer> exchangeRefresh(TokenRequest request, String subject, String wanted, Instant now) {
        if (wanted.equals("id_token")) {
            RefreshClaims claims = claims(request, subject, now);
            return session(claims.apiSessionId(), request, now)
                    .flatMap(session -> grants.forIdToken(claims, now)
                            .flatMap(grant -> grant.isEmpty()
                                    ? reused("refresh token", session.id(), request, now)
                                    : Uni.createFrom().item(idOnly(session, grant.get(), now))));
        }
        if (!wanted.isEmpty() && !wanted.equals("refresh_token") && !wanted.equals("access_token")) {
            throw OidcRefusal.invalidRequest("requested_token_type is not one that is issued");
        }
        return turned(request, subject, now, (session, grant, refreshId) -> {
            count("token_exchange");
            return new TokenAnswer(
                    signing.access(session, grant, now),
                    TYPE + (wanted.isEmpty() ? "refresh_token" : wanted),
                    BEARER,
                    signing.accessLife(grant.client()).toSeconds(),
                    signing.refresh(session, grant, refreshId, now),
                    null,
                    null);
        });
    }

    /** A login without a refresh token renews by the access token that it still has. */
    private Uni<TokenAnswer> exchangeAccess(TokenRequest request, String subject, String wanted, Instant now) {
        var claims = tokens.apiSession(subject, now)
                .filter(token -> token.isOidc()
                        && token.clientId().equals(request.client().id()))
                .orElseThrow(() -> OidcRefusal.invalidGrant("the access token is not valid"));
        return session(claims.apiSessionId(), request, now)
                .flatMap(session -> grants.find(session.id(), claims.clientId()).map(found -> {
                    OidcGrant grant =
                            found.orElseThrow(() -> OidcRefusal.invalidGrant("the access token is not valid"));
                    if (wanted.equals("id_token")) {
                        return idOnly(session, grant, now);
                    }
                    if (grant.isRefreshable() || !(wanted.isEmpty() || wanted.equals("access_token"))) {
                        throw OidcRefusal.invalidRequest("an access token is exchanged for an id token here");
                    }
                    return new TokenAnswer(
                            signing.access(session, grant, now),
                            TYPE + "access_token",
                            BEARER,
                            signing.accessLife(grant.client()).toSeconds(),
                            null,
                            null,
                            null);
                }));
    }

    private interface Answering {
        TokenAnswer answer(ApiSession session, OidcGrant grant, String refreshId);
    }

    private Uni<TokenAnswer> turned(TokenRequest request, String token, Instant now, Answering then) {
        RefreshClaims claims = claims(request, token, now);
        return session(claims.apiSessionId(), request, now).flatMap(session -> {
            String next = UUID.randomUUID().toString();
            return grants.turn(claims, next, now)
                    .flatMap(grant -> grant.isEmpty()
                            ? reused("refresh token", session.id(), request, now)
                            : Uni.createFrom().item(then.answer(session, grant.get(), next)));
        });
    }

    private RefreshClaims claims(TokenRequest request, String token, Instant now) {
        return signing.refresh(token, now)
                .filter(claims -> claims.clientId().equals(request.client().id()))
                .orElseThrow(() -> OidcRefusal.invalidGrant("the refresh token is not valid"));
    }

    /** The API Session, when it lasts and the connection shows its certificate. */
    private Uni<ApiSession> session(String id, TokenRequest request, Instant now) {
        return sessions.use(id, now).map(found -> {
            ApiSession session = found.orElseThrow(() -> OidcRefusal.invalidGrant("the API Session has ended"));
            if (!session.certFingerprints().isEmpty()
                    && request.fingerprints().stream().noneMatch(session.certFingerprints()::contains)) {
                LOG.warnf(
                        "oidc.certificate.wrong apiSessionId=%s identityId=%s remoteAddress=%s",
                        session.id(), session.identityId(), request.remoteAddress());
                throw OidcRefusal.invalidGrant("the client certificate is not the one of the login");
            }
            return session;
        });
    }

    private <T> Uni<T> reused(String what, String apiSessionId, TokenRequest request, Instant now) {
        LOG.warnf(
                "oidc.reused what=\"%s\" apiSessionId=%s remoteAddress=%s the API Session ends",
                what, apiSessionId, request.remoteAddress());
        metrics.counter("postern.oidc.reused", "what", what).increment();
        return sessions.delete(apiSessionId, signing.longest(now))
                .flatMap(ended ->
                        Uni.createFrom().failure(OidcRefusal.invalidGrant("the " + what + " was used before")));
    }

    private void count(String grantType) {
        metrics.counter("postern.oidc.tokens", "grant", grantType).increment();
    }

    private TokenAnswer whole(ApiSession session, OidcGrant grant, String refreshId, Instant now) {
        String access = signing.access(session, grant, now);
        @Nullable String refresh = grant.isRefreshable() ? signing.refresh(session, grant, refreshId, now) : null;
        return new TokenAnswer(
                access,
                null,
                BEARER,
                signing.accessLife(grant.client()).toSeconds(),
                refresh,
                signing.id(session, grant, access, now),
                String.join(" ", grant.scopes()));
    }

    private TokenAnswer idOnly(ApiSession session, OidcGrant grant, Instant now) {
        return new TokenAnswer(
                signing.id(session, grant, "", now),
                TYPE + "id_token",
                "N_A",
                signing.accessLife(grant.client()).toSeconds(),
                null,
                null,
                null);
    }

    private static String kind(String type) {
        return type.startsWith(TYPE) ? type.substring(TYPE.length()) : type;
    }

    /**
     * Ends what a token stands for; a token that is not ours, or is over, is passed over (RFC 7009). The latest refresh token
     * ends its API Session, and so does an access token.
     */
    Uni<Void> revoke(TokenRequest request, Instant now) {
        String token = request.parameters().get("token");
        Optional<RefreshClaims> refresh = signing.refresh(token, now)
                .filter(claims -> claims.clientId().equals(request.client().id()));
        if (refresh.isPresent()) {
            return grants.isCurrent(refresh.get())
                    .flatMap(current -> current
                            ? end(refresh.get().apiSessionId(), now)
                            : Uni.createFrom().voidItem());
        }
        return tokens.apiSession(token, now)
                .filter(claims -> claims.isOidc()
                        && claims.clientId().equals(request.client().id()))
                .map(claims -> end(claims.apiSessionId(), now))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    Uni<Void> end(String apiSessionId, Instant now) {
        return sessions.delete(apiSessionId, signing.longest(now)).replaceWithVoid();
    }
}
