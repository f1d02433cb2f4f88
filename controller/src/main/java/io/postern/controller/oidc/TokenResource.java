package io.postern.controller.oidc;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The token endpoint, and the end of tokens (SDK sheet 3.3). */
@Path("/oidc")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class TokenResource {
    private final OidcOffer offer;
    private final OidcExchanges exchanges;

    TokenResource(OidcOffer offer, OidcExchanges exchanges) {
        this.offer = offer;
        this.exchanges = exchanges;
    }

    @POST
    @Path("oauth/token")
    public Uni<RestResponse<TokenAnswer>> token(
            byte @Nullable [] body,
            @RestHeader("Authorization") @Nullable String authorization,
            HttpServerRequest connection) {
        Instant now = Instant.now();
        return exchanges
                .answer(request(body, authorization, connection, now), now)
                .map(answer -> RestResponse.ResponseBuilder.ok(answer)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .header("Pragma", "no-cache")
                        .build());
    }

    @POST
    @Path("revoke")
    public Uni<RestResponse<Void>> revoke(
            byte @Nullable [] body,
            @RestHeader("Authorization") @Nullable String authorization,
            HttpServerRequest connection) {
        Instant now = Instant.now();
        return exchanges
                .revoke(request(body, authorization, connection, now), now)
                .map(done -> RestResponse.ok());
    }

    private TokenRequest request(
            byte @Nullable [] body, @Nullable String authorization, HttpServerRequest connection, Instant now) {
        offer.require();
        return TokenRequest.of(
                Parameters.of(connection, body, null),
                authorization,
                offer.fingerprints(connection, now),
                OidcOffer.remote(connection));
    }
}
