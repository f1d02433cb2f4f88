package io.postern.controller.access;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Who makes the current request. Nobody until the authentication filter says so; bound to the request. */
@RequestScoped
public class Caller {
    private @Nullable String identityId;
    private @Nullable String apiSessionId;
    private boolean admin;

    /** Called once, by the authentication filter. */
    public void is(String identity, String apiSession, boolean isAdmin) {
        this.identityId = identity;
        this.apiSessionId = apiSession;
        this.admin = isAdmin;
    }

    public boolean isKnown() {
        return identityId != null;
    }

    public boolean isAdmin() {
        return admin;
    }

    /** @throws Refusal {@code UNAUTHORIZED} when nobody is authenticated */
    public String identityId() {
        return known(identityId);
    }

    /** @throws Refusal {@code UNAUTHORIZED} when nobody is authenticated */
    public String apiSessionId() {
        return known(apiSessionId);
    }

    private static String known(@Nullable String id) {
        if (id == null) {
            throw Refusal.of(ErrorCode.UNAUTHORIZED);
        }
        return id;
    }
}
