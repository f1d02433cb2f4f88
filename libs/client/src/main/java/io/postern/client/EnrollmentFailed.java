package io.postern.client;

import java.io.IOException;

/** An enrollment that did not happen. The message is for people and says what to do. */
public final class EnrollmentFailed extends IOException {
    /** Why, for programs. */
    public enum Reason {
        /** The text is no enrollment token, or one for another method. */
        MALFORMED,
        /** The token's time is over. */
        EXPIRED,
        /** The controller does not know the token: it was used or withdrawn. */
        USED,
        /** Nobody answers at the token's issuer. */
        UNREACHABLE,
        /** Who answers at the token's issuer did not sign the token. */
        NOT_TRUSTED,
        /** The clocks of this machine and of the controller disagree too much. */
        CLOCK,
        /** The controller refuses for another reason, which the message quotes. */
        REFUSED
    }

    private final Reason reason;

    EnrollmentFailed(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    EnrollmentFailed(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
