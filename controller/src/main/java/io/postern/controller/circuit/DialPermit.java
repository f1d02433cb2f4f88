package io.postern.controller.circuit;

import io.postern.controller.model.Entry;
import io.postern.controller.model.Entry.PolicyKind;
import io.postern.controller.model.NetworkModel;
import io.postern.controller.model.Rights;
import io.postern.controller.token.SessionClaims;
import io.postern.controller.token.SessionTokens;
import io.postern.wire.EdgeError;
import io.postern.wire.ctrl.CreateCircuit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a dial is permitted, and whose it is. The tokens say who dials; what the router says of identities is compared
 * and never believed. Pure over the model. Source: fabric sheet 7.3.
 */
final class DialPermit {
    private DialPermit() {}

    /** Either who dials what, or why not. */
    sealed interface Verdict {}

    record Permitted(Entry.Identity identity, Entry.Service service) implements Verdict {}

    record Denied(String identityId, String serviceId, DialFailure failure) implements Verdict {}

    /** A request with the claims of its tokens, verified as it was read. */
    record Request(
            CreateCircuit message,
            boolean withSession,
            Optional<SessionClaims.ServiceSession> session,
            Optional<SessionClaims.ApiSession> apiSession) {}

    static Verdict ofClient(NetworkModel model, Request request, String routerId) {
        SessionClaims.ApiSession apiSession = request.apiSession().orElse(null);
        SessionClaims.ServiceSession session = request.session().orElse(null);
        DialFailure invalid = invalid(model, request, apiSession, session);
        String identityId = apiSession == null ? "" : apiSession.identityId();
        String serviceId =
                session != null ? session.serviceId() : text(request.message().serviceId());
        return invalid != null
                ? new Denied(identityId, serviceId, invalid)
                : permit(model, identityId, serviceId, routerId);
    }

    private static @Nullable DialFailure invalid(
            NetworkModel model,
            Request request,
            SessionClaims.@Nullable ApiSession apiSession,
            SessionClaims.@Nullable ServiceSession session) {
        if (apiSession == null || SessionTokens.isRevoked(model, apiSession)) {
            return DialFailure.invalidSession(EdgeError.INVALID_API_SESSION, "API Session token is not valid");
        }
        if (request.withSession()) {
            return invalidSession(model, apiSession, session);
        }
        String claimed = text(request.message().identityId());
        return claimed.isEmpty() || claimed.equals(apiSession.identityId())
                ? null
                : DialFailure.denied(EdgeError.ACCESS_DENIED, "the API Session is not of the identity that dials");
    }

    private static @Nullable DialFailure invalidSession(
            NetworkModel model, SessionClaims.ApiSession apiSession, SessionClaims.@Nullable ServiceSession session) {
        if (session == null || SessionTokens.isRevoked(model, session)) {
            return DialFailure.invalidSession(EdgeError.INVALID_SESSION, "Invalid Session: token is not valid");
        }
        if (!session.identityId().equals(apiSession.identityId())) {
            return DialFailure.invalidSession(
                    EdgeError.INVALID_SESSION, "Invalid Session: it is not of the API Session's identity");
        }
        return session.bind() ? DialFailure.denied(EdgeError.WRONG_SESSION_TYPE, "Session is not of type Dial") : null;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** The dialing router's own tunneler. */
    static Verdict ofTunneler(NetworkModel model, String routerId, String serviceName) {
        boolean tunneler = model.find(Entry.Router.class, routerId)
                .filter(Entry.Router::tunneler)
                .isPresent();
        String serviceId =
                model.serviceNamed(serviceName).map(Entry.Service::id).orElse("");
        if (!tunneler) {
            return new Denied(
                    routerId,
                    serviceId,
                    DialFailure.denied(
                            EdgeError.TUNNELING_NOT_ENABLED, "tunneling is not enabled for edge router " + routerId));
        }
        return permit(model, routerId, serviceId, routerId);
    }

    private static Verdict permit(NetworkModel model, String identityId, String serviceId, String routerId) {
        Entry.Identity identity = model.find(Entry.Identity.class, identityId).orElse(null);
        Entry.Service service = model.find(Entry.Service.class, serviceId).orElse(null);
        if (identity == null) {
            return new Denied(
                    identityId,
                    serviceId,
                    DialFailure.invalidSession(
                            EdgeError.INVALID_API_SESSION, "identity " + identityId + " does not exist"));
        }
        if (service == null) {
            return new Denied(
                    identityId,
                    serviceId,
                    new DialFailure(
                            io.postern.fabric.path.FailureCause.INVALID_SERVICE,
                            EdgeError.INVALID_SERVICE,
                            io.postern.wire.RetryHint.NOT_RETRIABLE,
                            "the service does not exist"));
        }
        Optional<String> refusal = Rights.refusal(model, PolicyKind.DIAL, identity, service, routerId);
        if (refusal.isEmpty()) {
            return new Permitted(identity, service);
        }
        boolean router =
                Rights.routerRefusal(model, identity, service, routerId).isPresent()
                        && model.joins(PolicyKind.DIAL, identityId, serviceId);
        EdgeError code = router ? EdgeError.INVALID_EDGE_ROUTER_FOR_SESSION : EdgeError.ACCESS_DENIED;
        return new Denied(identityId, serviceId, DialFailure.denied(code, refusal.get()));
    }
}
