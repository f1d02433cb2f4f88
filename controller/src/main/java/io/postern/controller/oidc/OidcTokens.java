package io.postern.controller.oidc;

import io.postern.controller.access.ApiSession;
import io.postern.controller.boot.PosternConfig;
import io.postern.controller.pki.Advertised;
import io.postern.controller.token.ApiSessionClaims;
import io.postern.controller.token.Tokens;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Signs access, refresh and id tokens of one API Session, and reads refresh and id tokens (SDK sheet 3.4). Any thread. */
@Singleton
class OidcTokens {
    private static final Duration LEAST_ID_LIFE = Duration.ofMinutes(1);

    private final Tokens tokens;
    private final Advertised advertised;
    private final PosternConfig config;

    OidcTokens(Tokens tokens, Advertised advertised, PosternConfig config) {
        this.tokens = tokens;
        this.advertised = advertised;
        this.config = config;
    }

    String issuer() {
        return advertised.url() + "/oidc";
    }

    /** How long an access token of the client is good. */
    Duration accessLife(OidcClient client) {
        return client.tellsRouters()
                ? config.oidc().accessToken()
                : config.sessions().token();
    }

    /** Latest end of any token that an API Session was given until now. */
    Instant longest(Instant now) {
        Duration access = config.oidc().accessToken();
        Duration token = config.sessions().token();
        return now.plus(access.compareTo(token) > 0 ? access : token);
    }

    String access(ApiSession session, OidcGrant grant, Instant at) {
        Instant now = at.truncatedTo(ChronoUnit.SECONDS);
        return tokens.sign(new ApiSessionClaims(
                UUID.randomUUID().toString(),
                session.id(),
                session.identityId(),
                session.isAdmin(),
                session.certFingerprints(),
                session.configTypes(),
                session.authenticatorId(),
                method(session),
                session.ipAddress(),
                grant.client().id(),
                grant.scopes(),
                now,
                now.plus(accessLife(grant.client()))));
    }

    String refresh(ApiSession session, OidcGrant grant, String tokenId, Instant now) {
        Duration access = accessLife(grant.client());
        Duration refresh = config.oidc().refreshToken();
        Map<String, Object> claims = claims(session, grant, now, refresh.compareTo(access) > 0 ? refresh : access);
        claims.put("jti", tokenId);
        claims.put("scopes", grant.scopes());
        claims.put("z_t", "r");
        claims.put("z_asid", session.id());
        claims.put("z_cfs", session.certFingerprints());
        claims.put("z_authid", session.authenticatorId());
        return tokens.sign(claims);
    }

    /** @param accessToken what the id token comes with; empty when it comes alone */
    String id(ApiSession session, OidcGrant grant, String accessToken, Instant now) {
        Duration access = accessLife(grant.client());
        Map<String, Object> claims =
                claims(session, grant, now, access.compareTo(LEAST_ID_LIFE) > 0 ? access : LEAST_ID_LIFE);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("azp", grant.client().id());
        claims.put("sid", session.id());
        claims.put("name", session.identityName());
        claims.put("z_ia", session.isAdmin());
        if (!grant.nonce().isEmpty()) {
            claims.put("nonce", grant.nonce());
        }
        if (!accessToken.isEmpty()) {
            claims.put("at_hash", Secrets.halfHash(accessToken));
        }
        return tokens.sign(claims);
    }

    private Map<String, Object> claims(ApiSession session, OidcGrant grant, Instant now, Duration life) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer());
        claims.put("sub", session.identityId());
        claims.put("aud", List.of(grant.client().id()));
        claims.put("client_id", grant.client().id());
        claims.put("exp", now.plus(life).getEpochSecond());
        claims.put("iat", now.getEpochSecond());
        claims.put("nbf", now.getEpochSecond());
        claims.put("auth_time", grant.authenticatedAt().getEpochSecond());
        claims.put("amr", List.of(method(session)));
        return claims;
    }

    private static String method(ApiSession session) {
        return session.certFingerprints().isEmpty() ? "password" : "cert";
    }

    /** The claims of a refresh token of ours that has not expired. */
    Optional<RefreshClaims> refresh(String token, Instant now) {
        return tokens.verify(token).flatMap(RefreshClaims::read).filter(claims -> now.isBefore(claims.expiresAt()));
    }

    /** The API Session that an id token of ours speaks of, expired or not. */
    Optional<String> session(String idToken) {
        return tokens.verify(idToken)
                .filter(claims -> !claims.containsKey("z_t"))
                .flatMap(claims -> claims.get("sid") instanceof String id ? Optional.of(id) : Optional.empty());
    }
}
