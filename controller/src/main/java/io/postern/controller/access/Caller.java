package io.postern.controller.access;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.token.ApiSessionClaims;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Who makes the current request. Nobody until the authentication filter says so; bound to the request. */
@RequestScoped
public class Caller {
    private @Nullable String identityId;
    private @Nullable String apiSessionId;
    private boolean admin;
    private @Nullable ApiSession session;
    private @Nullable ApiSessionClaims claims;
    private @Nullable String token;

    /** For tests that stand in for the authentication. */
    public void is(String identity, String apiSession, boolean isAdmin) {
        this.identityId = identity;
        this.apiSessionId = apiSession;
        this.admin = isAdmin;
    }

    /** Called once, by the authentication filter. */
    void is(ApiSession apiSession, ApiSessionClaims tokenClaims, String presented) {
        is(apiSession.identityId(), apiSession.id(), apiSession.isAdmin());
        this.session = apiSession;
        this.claims = tokenClaims;
        this.token = presented;
    }

    public boolean isKnown() {
        return identityId != null;
    }

    public boolean isAdmin() {
        return admin;
    }

    /** @throws Refusal {@code UNAUTHORIZED} when nobody is authenticated */
    public ApiSession apiSession() {
        return known(session);
    }

    /** @throws Refusal {@code UNAUTHORIZED} when nobody is authenticated */
    public String identityId() {
        return known(identityId);
    }

    /** @throws Refusal {@code UNAUTHORIZED} when nobody is authenticated */
    public String apiSessionId() {
        return known(apiSessionId);
    }

    boolean hasApiSession() {
        return session != null;
    }

    /** What the presented token says. */
    public ApiSessionClaims claims() {
        return known(claims);
    }

    /** The token as presented. A secret. */
    public String token() {
        return known(token);
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw Refusal.of(ErrorCode.UNAUTHORIZED);
        }
        return value;
    }
}
