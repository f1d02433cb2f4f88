package io.postern.controller.login;

import io.postern.api.Envelope;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.access.ApiSession;
import io.postern.controller.access.ApiSessions;
import io.postern.controller.access.AuthenticationFilter;
import io.postern.controller.access.IssuedTokens;
import io.postern.controller.access.PeerCertificates;
import io.postern.controller.access.SessionHeaders;
import io.postern.controller.client.ApiSessionView;
import io.postern.controller.kernel.Bodies;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Authenticate, the same on both APIs: see the front's prefixes (SDK sheet 2.5). */
@Path("/edge/client/v1/authenticate")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class AuthenticateResource {
    private final Logins logins;
    private final ApiSessions sessions;
    private final IssuedTokens tokens;
    private final Bodies bodies;

    AuthenticateResource(Logins logins, ApiSessions sessions, IssuedTokens tokens, Bodies bodies) {
        this.logins = logins;
        this.sessions = sessions;
        this.tokens = tokens;
        this.bodies = bodies;
    }

    @POST
    public Uni<RestResponse<Envelope<ApiSessionView>>> authenticate(
            @RestQuery @Nullable String method, byte @Nullable [] body, HttpServerRequest connection) {
        LoginRequest request = LoginRequest.of(bodies.readObject(body));
        String remote = connection.remoteAddress() == null
                ? ""
                : connection.remoteAddress().hostAddress();
        Uni<ApiSession> login = switch (method == null ? "" : method) {
            case "cert" -> UniHelper.toUni(logins.byCertificate(PeerCertificates.of(connection), request, remote));
            case "password" -> logins.byPassword(request, remote);
            case "" -> throw Refusal.field("method", "method in query is required", null);
            default -> throw Refusal.of(ErrorCode.INVALID_AUTH_METHOD);
        };
        return login.map(this::answer);
    }

    private RestResponse<Envelope<ApiSessionView>> answer(ApiSession session) {
        String token = tokens.issue(session);
        return RestResponse.ResponseBuilder.ok(Envelope.of(ApiSessionView.of(session, token, sessions.life())))
                .header(AuthenticationFilter.SESSION_HEADER, token)
                .header(SessionHeaders.EXPIRATION_SECONDS, sessions.life().toSeconds())
                .header(SessionHeaders.EXPIRES_AT, SessionHeaders.time(session))
                .build();
    }
}
