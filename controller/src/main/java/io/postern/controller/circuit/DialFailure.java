package io.postern.controller.circuit;

import io.postern.fabric.path.FailureCause;
import io.postern.wire.EdgeError;
import io.postern.wire.RetryHint;
import java.util.EnumSet;
import java.util.Set;

/** Why there is no circuit: the cause for events, the code and the sentence for whoever dialed. */
record DialFailure(FailureCause cause, EdgeError code, RetryHint hint, String text) {
    private static final Set<FailureCause> OF_WHAT_IS_SEEN = EnumSet.of(
            FailureCause.NO_TERMINATORS,
            FailureCause.NO_ONLINE_TERMINATORS,
            FailureCause.NO_PATH,
            FailureCause.PATH_MISSING_LINK);

    /** Whether another controller, with other control channels, may have a circuit where this one has none. */
    boolean mayDifferElsewhere() {
        return OF_WHAT_IS_SEEN.contains(cause);
    }

    static DialFailure of(FailureCause cause, String text) {
        return new DialFailure(cause, EdgeError.INTERNAL, RetryHint.DEFAULT, text);
    }

    static DialFailure denied(EdgeError code, String text) {
        return new DialFailure(FailureCause.ACCESS_DENIED, code, RetryHint.NOT_RETRIABLE, text);
    }

    static DialFailure invalidSession(EdgeError code, String text) {
        return new DialFailure(FailureCause.INVALID_SESSION, code, RetryHint.START_OVER, text);
    }
}
