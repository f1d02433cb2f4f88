package io.postern.controller.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.postern.api.Envelope;
import io.postern.api.Link;
import io.postern.api.Refusal;
import io.postern.controller.access.ApiSessions;
import io.postern.controller.access.Caller;
import io.postern.controller.access.IssuedTokens;
import io.postern.controller.enrollment.Issuing;
import io.postern.controller.kernel.Bodies;
import io.postern.controller.kernel.Ids;
import io.postern.controller.pki.Pki;
import io.postern.pki.Certificates;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Map;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** The caller's own API Session. */
@Path("/edge/client/v1/current-api-session")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class CurrentApiSessionResource {
    private final Caller caller;
    private final ApiSessions sessions;
    private final IssuedTokens tokens;
    private final ServiceUpdates updates;
    private final Issuing issuing;
    private final Pki pki;
    private final Bodies bodies;

    CurrentApiSessionResource(
            Caller caller,
            ApiSessions sessions,
            IssuedTokens tokens,
            ServiceUpdates updates,
            Issuing issuing,
            Pki pki,
            Bodies bodies) {
        this.caller = caller;
        this.sessions = sessions;
        this.tokens = tokens;
        this.updates = updates;
        this.issuing = issuing;
        this.pki = pki;
        this.bodies = bodies;
    }

    /** When the caller's services changed last. */
    public record LastChange(Instant lastChangeAt) {}

    /** A certificate for an API Session that was not begun with one. */
    public record SessionCertificate(
            String id, @JsonProperty("_links") Map<String, Link> links, String certificate, String cas) {}

    @GET
    public Uni<Envelope<ApiSessionView>> get() {
        return Uni.createFrom()
                .item(Envelope.of(ApiSessionView.of(caller.apiSession(), tokens.current(caller), sessions.life())));
    }

    @DELETE
    public Uni<Envelope<Map<String, Object>>> logout() {
        return sessions.delete(caller.apiSessionId(), caller.claims().expiresAt())
                .map(done -> Envelope.empty());
    }

    @GET
    @Path("service-updates")
    public Uni<Envelope<LastChange>> serviceUpdates() {
        return updates.lastChangeAt(caller.identityId()).map(at -> Envelope.of(new LastChange(at)));
    }

    @POST
    @Path("certificates")
    @ResponseStatus(201)
    @Blocking
    public Envelope<SessionCertificate> certificate(byte @Nullable [] body) {
        String csr = Bodies.text(bodies.readObject(body), "csr", "");
        if (csr.isEmpty()) {
            throw Refusal.field("csr", "csr in body is required", null);
        }
        String id = Ids.next();
        var issued = issuing.apiSession(caller.identityId(), caller.apiSessionId(), id, csr);
        return Envelope.of(new SessionCertificate(
                id,
                Link.self("current-api-session/certificates", id),
                issued.chainPem(),
                Certificates.toPem(pki.trustBundle())));
    }
}
