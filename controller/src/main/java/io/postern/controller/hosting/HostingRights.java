package io.postern.controller.hosting;

import io.postern.controller.model.Entry;
import io.postern.controller.model.Entry.PolicyKind;
import io.postern.controller.model.NetworkModel;
import io.postern.controller.model.Rights;
import io.postern.controller.token.SessionClaims;
import io.postern.controller.token.SessionTokens;
import io.postern.wire.EdgeError;
import java.util.Optional;

/** Who may host. What a router says of identities is not believed: the token says who it is. Pure over the model. */
final class HostingRights {
    private HostingRights() {}

    /** Whether the holder of the session may host its service on this router. */
    static Optional<HostingRefusal> refusal(NetworkModel model, HostingRequest<?> request, String routerId) {
        Optional<HostingRefusal> token = tokenRefusal(model, request);
        if (token.isPresent()) {
            return token;
        }
        SessionClaims.ServiceSession session = request.session().orElseThrow();
        Entry.Identity identity =
                model.find(Entry.Identity.class, session.identityId()).orElse(null);
        Entry.Service service =
                model.find(Entry.Service.class, session.serviceId()).orElse(null);
        if (identity == null || service == null) {
            return Optional.of(HostingRefusal.invalidSession(
                    EdgeError.INVALID_SESSION, "identity or service of the session is gone"));
        }
        return Rights.refusal(model, PolicyKind.BIND, identity, service, routerId)
                .map(text -> HostingRefusal.other(EdgeError.ACCESS_DENIED, text));
    }

    /** Whether the message carries a valid session to bind. */
    static Optional<HostingRefusal> tokenRefusal(NetworkModel model, HostingRequest<?> request) {
        if (request.session().isEmpty()) {
            return Optional.of(HostingRefusal.invalidSession(EdgeError.INVALID_SESSION, "Session token is not valid"));
        }
        SessionClaims.ServiceSession session = request.session().get();
        if (!session.bind()) {
            return Optional.of(HostingRefusal.other(EdgeError.WRONG_SESSION_TYPE, "Session is not of type Bind"));
        }
        if (request.apiSession().isEmpty()) {
            return Optional.of(
                    HostingRefusal.invalidSession(EdgeError.INVALID_API_SESSION, "API Session token is not valid"));
        }
        SessionClaims.ApiSession apiSession = request.apiSession().get();
        if (!apiSession.identityId().equals(session.identityId())) {
            return Optional.of(HostingRefusal.invalidSession(
                    EdgeError.INVALID_SESSION, "Session and API Session are of different identities"));
        }
        if (SessionTokens.isRevoked(model, session) || SessionTokens.isRevoked(model, apiSession)) {
            return Optional.of(HostingRefusal.invalidSession(EdgeError.INVALID_SESSION, "Session is revoked"));
        }
        return Optional.empty();
    }

    /** Whether the router's own tunneler may host the service. */
    static Optional<HostingRefusal> tunnelRefusal(NetworkModel model, String routerId, String serviceId) {
        Entry.Router router = model.find(Entry.Router.class, routerId).orElse(null);
        if (router == null || !router.tunneler()) {
            return Optional.of(HostingRefusal.other(
                    EdgeError.TUNNELING_NOT_ENABLED, "tunneling is not enabled for edge router " + routerId));
        }
        Entry.Identity identity = model.find(Entry.Identity.class, routerId).orElse(null);
        Entry.Service service = model.find(Entry.Service.class, serviceId).orElse(null);
        if (identity == null || service == null) {
            return Optional.of(HostingRefusal.other(
                    EdgeError.INVALID_SERVICE,
                    "service " + serviceId + " or the edge router's identity does not exist"));
        }
        return Rights.refusal(model, PolicyKind.BIND, identity, service, routerId)
                .map(text -> HostingRefusal.other(EdgeError.ACCESS_DENIED, text));
    }
}
