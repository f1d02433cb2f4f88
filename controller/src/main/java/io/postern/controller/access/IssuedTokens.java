package io.postern.controller.access;

import io.postern.controller.boot.PosternConfig;
import io.postern.controller.token.ApiSessionClaims;
import io.postern.controller.token.Tokens;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** Gives API Sessions their tokens. */
@Singleton
public class IssuedTokens {
    private final Tokens tokens;
    private final PosternConfig config;

    IssuedTokens(Tokens tokens, PosternConfig config) {
        this.tokens = tokens;
        this.config = config;
    }

    /** A token for the session, good for the configured time from now. */
    public String issue(ApiSession session) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return tokens.sign(new ApiSessionClaims(
                UUID.randomUUID().toString(),
                session.id(),
                session.identityId(),
                session.isAdmin(),
                session.certFingerprints(),
                session.configTypes(),
                session.authenticatorId(),
                session.authenticatorMethod().equals("cert") ? "cert" : "password",
                session.ipAddress(),
                "openziti",
                List.of(),
                now,
                now.plus(config.sessions().token())));
    }

    /**
     * The token that was presented, or a new one when half of its life is over; an OIDC login's is renewed at its token
     * endpoint only.
     */
    public String current(Caller caller) {
        if (caller.claims().isOidc()) {
            return caller.token();
        }
        Instant half =
                caller.claims().expiresAt().minus(config.sessions().token().dividedBy(2));
        return Instant.now().isBefore(half) ? caller.token() : issue(caller.apiSession());
    }
}
