package io.postern.controller.oidc;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.access.ApiSession;
import io.postern.controller.access.Caller;
import io.postern.controller.pki.Pki;
import io.postern.pki.Keys;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an OIDC library asks of a provider beside the login itself. */
@Path("/oidc")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class DiscoveryResource {
    private final OidcOffer offer;
    private final OidcTokens tokens;
    private final OidcExchanges exchanges;
    private final Pki pki;
    private final Caller caller;

    DiscoveryResource(OidcOffer offer, OidcTokens tokens, OidcExchanges exchanges, Pki pki, Caller caller) {
        this.offer = offer;
        this.tokens = tokens;
        this.exchanges = exchanges;
        this.pki = pki;
        this.caller = caller;
    }

    @GET
    @Path(".well-known/openid-configuration")
    public Map<String, Object> configuration() {
        offer.require();
        String issuer = tokens.issuer();
        var all = new LinkedHashMap<String, Object>();
        all.put("issuer", issuer);
        all.put("authorization_endpoint", issuer + "/authorize");
        all.put("token_endpoint", issuer + "/oauth/token");
        all.put("userinfo_endpoint", issuer + "/userinfo");
        all.put("revocation_endpoint", issuer + "/revoke");
        all.put("end_session_endpoint", issuer + "/end_session");
        all.put("jwks_uri", issuer + "/keys");
        all.put("scopes_supported", List.of("openid", "offline_access"));
        all.put("response_types_supported", List.of("code"));
        all.put("response_modes_supported", List.of("query"));
        all.put(
                "grant_types_supported",
                List.of("authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:token-exchange"));
        all.put("subject_types_supported", List.of("public"));
        all.put(
                "id_token_signing_alg_values_supported",
                pki.jwtKeys().stream()
                        .map(key -> Keys.jwsAlgorithm(key.key()))
                        .distinct()
                        .toList());
        all.put("token_endpoint_auth_methods_supported", List.of("none"));
        all.put("revocation_endpoint_auth_methods_supported", List.of("none"));
        all.put("code_challenge_methods_supported", List.of("S256"));
        all.put("openziti_endpoints", Map.of("password", issuer + "/login/password", "cert", issuer + "/login/cert"));
        return all;
    }

    /** Who the access token speaks of. */
    @GET
    @Path("userinfo")
    public Map<String, Object> userinfo() {
        offer.require();
        if (!caller.isKnown()) {
            throw Refusal.of(ErrorCode.UNAUTHORIZED);
        }
        ApiSession session = caller.apiSession();
        return Map.of("sub", session.identityId(), "name", session.identityName());
    }

    @GET
    @Path("end_session")
    public Uni<Response> endSession(HttpServerRequest connection) {
        return end(Parameters.of(connection, null, null));
    }

    @POST
    @Path("end_session")
    public Uni<Response> endSession(byte @Nullable [] body, HttpServerRequest connection) {
        return end(Parameters.of(connection, body, null));
    }

    /** The id token says which API Session ends; the way back is one that a login could have. */
    private Uni<Response> end(Parameters parameters) {
        offer.require();
        String apiSessionId = tokens.session(parameters.get("id_token_hint"))
                .orElseThrow(() -> OidcRefusal.invalidRequest("id_token_hint is no id token of this controller"));
        String back = parameters.get("post_logout_redirect_uri");
        if (!back.isEmpty() && !OidcClient.mayRedirectTo(back)) {
            throw OidcRefusal.invalidRequest("post_logout_redirect_uri is not one of the client's");
        }
        String state = parameters.get("state");
        return exchanges.end(apiSessionId, Instant.now()).map(done -> {
            if (back.isEmpty()) {
                return Response.ok("logged out", MediaType.TEXT_PLAIN_TYPE).build();
            }
            String query = state.isEmpty() ? "" : "?state=" + URLEncoder.encode(state, StandardCharsets.UTF_8);
            return Response.status(Response.Status.FOUND)
                    .header(HttpHeaders.LOCATION, back + query)
                    .build();
        });
    }
}
