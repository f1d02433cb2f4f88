package io.postern.controller.hosting;

import io.postern.wire.EdgeError;
import io.postern.wire.RetryHint;
import io.postern.wire.edgectrl.pb.CreateTerminatorResult;

/** Why a terminator was not made or changed. */
record HostingRefusal(EdgeError code, CreateTerminatorResult result, String text) {
    static HostingRefusal invalidSession(EdgeError code, String text) {
        return new HostingRefusal(code, CreateTerminatorResult.FailedInvalidSession, text);
    }

    static HostingRefusal other(EdgeError code, String text) {
        return new HostingRefusal(code, CreateTerminatorResult.FailedOther, text);
    }

    static HostingRefusal busy(String text) {
        return new HostingRefusal(EdgeError.INTERNAL, CreateTerminatorResult.FailedBusy, text);
    }

    RetryHint hint() {
        return result == CreateTerminatorResult.FailedInvalidSession ? RetryHint.START_OVER : RetryHint.DEFAULT;
    }
}
