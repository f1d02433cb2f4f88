package io.postern.controller.oidc;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The beginning of a login, and its way back to the client (SDK sheet 3.3). */
@Path("/oidc/authorize")
@Produces(MediaType.WILDCARD)
@Consumes(MediaType.WILDCARD)
public class AuthorizeResource {
    private final OidcOffer offer;
    private final OidcLogins logins;

    AuthorizeResource(OidcOffer offer, OidcLogins logins) {
        this.offer = offer;
        this.logins = logins;
    }

    @GET
    public Uni<Response> get(HttpServerRequest connection) {
        return begin(Parameters.of(connection, null, null), connection);
    }

    @POST
    public Uni<Response> post(byte @Nullable [] body, HttpServerRequest connection) {
        return begin(Parameters.of(connection, body, null), connection);
    }

    private Uni<Response> begin(Parameters parameters, HttpServerRequest connection) {
        offer.require();
        return switch (AuthorizeRequest.read(parameters)) {
            case AuthorizeRequest.Outcome.Returned(
                    String redirectUri,
                    String state,
                    String error,
                    String description) ->
                Uni.createFrom()
                        .item(to(redirectUri + "?error=" + error + "&error_description=" + encoded(description)
                                + (state.isEmpty() ? "" : "&state=" + encoded(state))));
            case AuthorizeRequest.Outcome.Accepted(AuthorizeRequest request) -> open(request, parameters, connection);
        };
    }

    private Uni<Response> open(AuthorizeRequest request, Parameters parameters, HttpServerRequest connection) {
        Instant now = Instant.now();
        String method = method(parameters, connection, now);
        return logins.open(request, OidcOffer.remote(connection), now)
                .map(opened -> opened.map(id -> to("/oidc/login/" + method + "?authRequestID=" + id))
                        .orElseThrow(() -> new OidcRefusal(
                                503, "temporarily_unavailable", "too many logins are open, try again in a minute")));
    }

    /** By certificate when there is one, unless the client says otherwise. */
    private String method(Parameters parameters, HttpServerRequest connection, Instant now) {
        String asked = parameters.get("method");
        return switch (asked) {
            case "cert", "password", "username" -> asked;
            case "" -> offer.fingerprints(connection, now).isEmpty() ? "username" : "cert";
            default -> throw OidcRefusal.invalidRequest("method in query should be one of [cert password username]");
        };
    }

    @GET
    @Path("callback")
    public Uni<Response> callback(HttpServerRequest connection) {
        return back(connection);
    }

    @POST
    @Path("callback")
    public Uni<Response> posted(byte @Nullable [] body, HttpServerRequest connection) {
        return back(connection);
    }

    private Uni<Response> back(HttpServerRequest connection) {
        offer.require();
        Instant now = Instant.now();
        var fingerprints = offer.fingerprints(connection, now);
        return logins.code(
                        Parameters.of(connection, null, null).get("id"),
                        fingerprints.isEmpty() ? null : fingerprints.getFirst(),
                        now)
                .map(found -> found.map(callback -> to(callback.redirectUri() + "?code=" + callback.code()
                                + (callback.state().isEmpty() ? "" : "&state=" + encoded(callback.state()))))
                        .orElseThrow(() -> OidcRefusal.invalidRequest("there is no such login to finish")));
    }

    private static Response to(String location) {
        return Response.status(Response.Status.FOUND)
                .header(HttpHeaders.LOCATION, location)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Referrer-Policy", "no-referrer")
                .build();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
