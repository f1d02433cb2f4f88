package io.postern.controller.oidc;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Refusals in OAuth's form. */
class OidcProblems {
    /** RFC 6749, 5.2. */
    record Problem(
            String error, @JsonProperty("error_description") String description) {}

    @ServerExceptionMapper
    Response refused(OidcRefusal refusal) {
        return Response.status(refusal.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(new Problem(refusal.error(), refusal.description()))
                .build();
    }
}
