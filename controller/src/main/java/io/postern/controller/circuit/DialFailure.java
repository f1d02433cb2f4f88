package io.postern.controller.circuit;

import io.postern.fabric.path.FailureCause;
import io.postern.wire.EdgeError;
import io.postern.wire.RetryHint;

/** Why there is no circuit: the cause for events, the code and the sentence for whoever dialed. */
record DialFailure(FailureCause cause, EdgeError code, RetryHint hint, String text) {
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
