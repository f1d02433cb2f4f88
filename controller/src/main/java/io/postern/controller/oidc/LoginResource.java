package io.postern.controller.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.access.ApiSession;
import io.postern.controller.access.ApiSessions;
import io.postern.controller.access.PeerCertificates;
import io.postern.controller.kernel.Bodies;
import io.postern.controller.login.LoginRequest;
import io.postern.controller.login.Logins;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Where a login's credentials go (SDK sheet 3.3). Errors are bare objects here, without an envelope. */
@Path("/oidc/login/{method: cert|password|username}")
@Produces(MediaType.WILDCARD)
@Consumes(MediaType.WILDCARD)
public class LoginResource {
    private static final String REQUEST_ID = "auth-request-id";

    private final OidcOffer offer;
    private final OidcLogins logins;
    private final OidcTokens tokens;
    private final Logins credentials;
    private final ApiSessions sessions;
    private final Bodies bodies;
    private final ObjectMapper json;

    LoginResource(
            OidcOffer offer,
            OidcLogins logins,
            OidcTokens tokens,
            Logins credentials,
            ApiSessions sessions,
            Bodies bodies,
            ObjectMapper json) {
        this.offer = offer;
        this.logins = logins;
        this.tokens = tokens;
        this.credentials = credentials;
        this.sessions = sessions;
        this.bodies = bodies;
        this.json = json;
    }

    /** Says to clients, in a header, which login this is; browsers get a form. */
    @GET
    public Uni<Response> get(@RestPath String method, HttpServerRequest connection) {
        offer.require();
        String id = id(Parameters.of(connection, null, null));
        return logins.isOpen(id, Instant.now())
                .map(open -> open ? page(method, id, 200, "") : refused(400, "COULD_NOT_VALIDATE", unknown()));
    }

    @POST
    public Uni<Response> login(
            @RestPath String method,
            byte @Nullable [] body,
            @RestHeader("Content-Type") @Nullable String type,
            @RestHeader("Accept") @Nullable String accept,
            HttpServerRequest connection) {
        offer.require();
        JsonNode object = type != null && type.startsWith(MediaType.APPLICATION_JSON) ? bodies.read(body) : null;
        Parameters parameters = Parameters.of(connection, object == null ? body : null, object);
        String id = id(parameters);
        Instant now = Instant.now();
        boolean browser = accept != null && accept.contains(MediaType.TEXT_HTML) && !method.equals("cert");
        return logins.isOpen(id, now)
                .flatMap(open -> open
                        ? by(method, request(parameters, object), connection).flatMap(session -> finished(id, session))
                        : Uni.createFrom().item(refused(400, "COULD_NOT_VALIDATE", unknown())))
                .onFailure(Refusal.class)
                .recoverWithItem(failure -> {
                    ErrorCode code = ((Refusal) failure).code();
                    return browser
                            ? page(method, id, code.httpStatus(), code.message())
                            : refused(code.httpStatus(), code.name(), code.message());
                });
    }

    private Uni<ApiSession> by(String method, LoginRequest request, HttpServerRequest connection) {
        String remote = OidcOffer.remote(connection);
        return method.equals("cert")
                ? UniHelper.toUni(credentials.byCertificate(PeerCertificates.of(connection), request, remote))
                : credentials.byPassword(request, remote);
    }

    /** A login that another finished meanwhile leaves no API Session behind. */
    private Uni<Response> finished(String id, ApiSession session) {
        Instant now = Instant.now();
        return logins.authenticated(id, session, now)
                .flatMap(kept -> kept
                        ? Uni.createFrom()
                                .item(Response.status(Response.Status.FOUND)
                                        .header(HttpHeaders.LOCATION, tokens.issuer() + "/authorize/callback?id=" + id)
                                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                        .build())
                        : sessions.delete(session.id(), now)
                                .map(ended -> refused(400, "COULD_NOT_VALIDATE", unknown())));
    }

    private LoginRequest request(Parameters parameters, @Nullable JsonNode object) {
        try {
            return LoginRequest.of(
                    object != null ? object : json.readTree(parameters.login().encode()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String id(Parameters parameters) {
        String inBody = parameters.get("id");
        String id = inBody.isEmpty() ? parameters.get("authRequestID") : inBody;
        return id.matches("[0-9a-f-]{36}") ? id : "";
    }

    private static String unknown() {
        return "id is not that of an open login, it may have expired";
    }

    private static Response page(String method, String id, int status, String problem) {
        boolean form = !method.equals("cert");
        return Response.status(status)
                .header(REQUEST_ID, id)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Content-Security-Policy", LoginPage.POLICY)
                .type(form ? "text/html; charset=utf-8" : "text/plain; charset=utf-8")
                .entity(form ? LoginPage.html(id, problem) : "please POST to this URL")
                .build();
    }

    private static Response refused(int status, String code, String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(Map.of("code", code, "message", message))
                .build();
    }
}
