package io.postern.controller.client;

import io.postern.api.Envelope;
import io.postern.api.ListEnvelope;
import io.postern.controller.access.Caller;
import io.postern.controller.access.PeerCertificates;
import io.postern.controller.authenticator.AuthenticatorView;
import io.postern.controller.authenticator.OwnAuthenticators;
import io.postern.controller.enrollment.Issuing;
import io.postern.controller.kernel.Bodies;
import io.postern.controller.kernel.ListParameters;
import io.postern.controller.pki.Pki;
import io.postern.pki.Certificates;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** The caller's own authenticators, and the renewal of its certificate. */
@Path("/edge/client/v1/current-identity/authenticators")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class CurrentAuthenticatorResource {
    private final Caller caller;
    private final OwnAuthenticators authenticators;
    private final Issuing issuing;
    private final Pki pki;
    private final Bodies bodies;
    private final Vertx vertx;

    CurrentAuthenticatorResource(
            Caller caller, OwnAuthenticators authenticators, Issuing issuing, Pki pki, Bodies bodies, Vertx vertx) {
        this.caller = caller;
        this.authenticators = authenticators;
        this.issuing = issuing;
        this.pki = pki;
        this.bodies = bodies;
        this.vertx = vertx;
    }

    /** A new certificate that is not in force yet. */
    public record Extended(String clientCert, String ca) {}

    @GET
    public Uni<ListEnvelope<AuthenticatorView>> list(@BeanParam ListParameters list) {
        return authenticators.list(caller.identityId(), list.query());
    }

    @GET
    @Path("{id}")
    public Uni<Envelope<AuthenticatorView>> get(@RestPath String id) {
        return authenticators.get(caller.identityId(), id).map(Envelope::of);
    }

    @POST
    @Path("{id}/extend")
    public Uni<Envelope<Extended>> extend(@RestPath String id, byte @Nullable [] body, HttpServerRequest connection) {
        String identityId = caller.identityId();
        String csr = Bodies.text(bodies.readObject(body), "clientCertCsr", "");
        var chain = PeerCertificates.of(connection);
        String shown = chain.isEmpty() ? "" : Certificates.sha1(chain.getFirst());
        return authenticators
                .admitExtension(identityId, id, shown)
                .chain(() -> Uni.createFrom()
                        .completionStage(() -> vertx.executeBlocking(() -> issuing.identity(identityId, csr), false)
                                .toCompletionStage()))
                .call(issued -> authenticators.keepExtension(identityId, id, issued))
                .map(issued -> Envelope.of(new Extended(issued.chainPem(), Certificates.toPem(pki.trustBundle()))));
    }

    @POST
    @Path("{id}/extend-verify")
    public Uni<Envelope<Map<String, Object>>> verify(@RestPath String id, byte @Nullable [] body) {
        String pem = Bodies.text(bodies.readObject(body), "clientCert", "");
        return authenticators.verifyExtension(caller.identityId(), id, pem).map(done -> Envelope.empty());
    }
}
