package io.postern.router.edge;

import io.postern.router.model.ApiSessionClaims;
import io.postern.router.model.ModelView;
import io.postern.router.model.SessionClaims;
import io.postern.router.model.TokenCheck;
import io.postern.wire.EdgeError;
import io.postern.wire.RetryHint;
import io.postern.wire.StructuredError;

/**
 * Whether a Session lets its bearer dial or bind, by what this router knows itself. A "no" costs no round trip; what only
 * the controller knows (edge-router policies) it says when it is asked for the circuit. Pure. Source: SDK sheet 5.4, 5.5.
 */
final class SessionGate {
    /** The one text on which the C client gets itself a new session; for tokens that are at fault, and nothing else. */
    static final String INVALID_SESSION = "Invalid Session";

    sealed interface Verdict {}

    record Permitted(SessionClaims session, ModelView.Service service) implements Verdict {}

    /** @param lasting that no change of the model can turn it */
    record Refused(StructuredError error, boolean lasting) implements Verdict {}

    private SessionGate() {}

    static Verdict check(
            ModelView model, ApiSessionClaims bearer, String token, SessionClaims.Type type, boolean hasKey) {
        return switch (model.verifySessionToken(token)) {
            case TokenCheck.Refused<SessionClaims>(String why) -> invalid(EdgeError.INVALID_SESSION, why, false);
            case TokenCheck.Valid<SessionClaims>(SessionClaims session) -> check(model, bearer, session, type, hasKey);
        };
    }

    private static Verdict check(
            ModelView model, ApiSessionClaims bearer, SessionClaims session, SessionClaims.Type type, boolean hasKey) {
        if (session.type() != type) {
            return refused(EdgeError.WRONG_SESSION_TYPE, "the session is for " + session.type(), true);
        }
        if (!session.identityId().equals(bearer.identityId())
                || !session.apiSessionId().equals(bearer.apiSessionId())) {
            return invalid(EdgeError.INVALID_SESSION, "the session belongs to another API session", true);
        }
        ModelView.Service service = model.serviceById(session.serviceId()).orElse(null);
        if (service == null) {
            return refused(EdgeError.INVALID_SERVICE, "service " + session.serviceId() + " is not known here", false);
        }
        ModelView.Decision decision = type == SessionClaims.Type.DIAL
                ? model.mayDial(session.identityId(), session.serviceId())
                : model.mayBind(session.identityId(), session.serviceId());
        if (!decision.allowed()) {
            return refused(EdgeError.ACCESS_DENIED, decision.why(), false);
        }
        if (service.encryptionRequired() && !hasKey) {
            return refused(
                    EdgeError.ENCRYPTION_DATA_MISSING,
                    "service " + session.serviceId() + " is encrypted and the request brings no key",
                    true);
        }
        return new Permitted(session, service);
    }

    private static Refused invalid(EdgeError code, String why, boolean lasting) {
        return new Refused(new StructuredError(code, INVALID_SESSION, RetryHint.START_OVER, why), lasting);
    }

    private static Refused refused(EdgeError code, String why, boolean lasting) {
        return new Refused(StructuredError.of(code, why, RetryHint.DEFAULT), lasting);
    }
}
