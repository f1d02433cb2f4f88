package io.postern.client;

import java.io.IOException;

/** A call that only administrators may make was refused; the API Session is alive, and another login of its identity is no cure. */
public final class AdministratorsOnly extends IOException {
    private final String identityName;

    AdministratorsOnly(String identityName, ApiRefusal refusal) {
        super(identityName + " is no administrator", refusal);
        this.identityName = identityName;
    }

    /** Whose API Session it is. */
    public String identityName() {
        return identityName;
    }
}
