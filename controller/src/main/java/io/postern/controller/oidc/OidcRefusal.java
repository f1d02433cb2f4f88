package io.postern.controller.oidc;

/** A refusal in the words of OAuth (RFC 6749, 5.2). An expected outcome: it carries no stack trace and no secret. */
final class OidcRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    OidcRefusal(int status, String error, String description) {
        super(description, null, false, false);
        this.status = status;
        this.error = error;
    }

    static OidcRefusal invalidRequest(String description) {
        return new OidcRefusal(400, "invalid_request", description);
    }

    static OidcRefusal invalidGrant(String description) {
        return new OidcRefusal(400, "invalid_grant", description);
    }

    static OidcRefusal invalidClient(String description) {
        return new OidcRefusal(401, "invalid_client", description);
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }

    String description() {
        return String.valueOf(getMessage());
    }
}
