package io.postern.controller.enrollment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.postern.api.Envelope;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.access.ClientCertificates;
import io.postern.controller.access.PeerCertificates;
import io.postern.controller.front.ControllerView;
import io.postern.controller.front.ControllerViews;
import io.postern.controller.kernel.Bodies;
import io.postern.pki.Certificates;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Enrollment: the generic form with method and token in the query, and one path per method (SDK sheet 1.4). */
@Path("/edge/client/v1/enroll")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class EnrollResource {
    private final Enrolling enrolling;
    private final Bodies bodies;
    private final ControllerViews controllers;
    private final ClientCertificates certificates;

    EnrollResource(Enrolling enrolling, Bodies bodies, ControllerViews controllers, ClientCertificates certificates) {
        this.enrolling = enrolling;
        this.bodies = bodies;
        this.controllers = controllers;
        this.certificates = certificates;
    }

    /** What was issued; fields that a method does not give are left out. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Enrolled(
            @Nullable String cert,
            @Nullable String serverCert,
            @Nullable String ca,
            @Nullable String username,
            @Nullable List<ControllerView> controllers) {}

    @POST
    public Uni<Envelope<Enrolled>> enroll(
            @RestQuery @Nullable String method,
            @RestQuery @Nullable String token,
            @RestHeader("Content-Type") @Nullable String type,
            byte @Nullable [] body) {
        boolean isJson = type != null && type.startsWith(MediaType.APPLICATION_JSON);
        return switch (method == null || method.isEmpty() ? "ott" : method) {
            case "ott" -> identity(token, isJson ? text(bodies.read(body), "clientCsr") : raw(body));
            case "erott" -> router(token, bodies.read(body));
            case "updb" -> password(token, bodies.read(body));
            default -> throw Refusal.of(ErrorCode.INVALID_ENROLL_METHOD);
        };
    }

    @POST
    @Path("ott")
    public Uni<Envelope<Enrolled>> identity(byte @Nullable [] body) {
        JsonNode json = bodies.read(body);
        return identity(text(json, "token"), text(json, "clientCsr"));
    }

    @POST
    @Path("erott")
    public Uni<Envelope<Enrolled>> router(@RestQuery @Nullable String token, byte @Nullable [] body) {
        JsonNode json = bodies.read(body);
        return router(token == null ? text(json, "token") : token, json);
    }

    @POST
    @Path("updb")
    public Uni<Envelope<Enrolled>> password(@RestQuery @Nullable String token, byte @Nullable [] body) {
        JsonNode json = bodies.read(body);
        return password(token == null ? text(json, "token") : token, json);
    }

    @POST
    @Path("extend/router")
    public Uni<Envelope<Enrolled>> extendRouter(byte @Nullable [] body, HttpServerRequest connection) {
        var chain = PeerCertificates.of(connection);
        if (certificates.refusal(chain, Instant.now()).isPresent()) {
            throw Refusal.of(ErrorCode.UNAUTHORIZED);
        }
        JsonNode json = bodies.read(body);
        return enrolling
                .extendRouter(Certificates.sha1(chain.getFirst()), text(json, "certCsr"), text(json, "serverCertCsr"))
                .map(EnrollResource::routerAnswer);
    }

    private Uni<Envelope<Enrolled>> identity(@Nullable String token, @Nullable String csr) {
        return enrolling
                .identity(token, csr)
                .map(issued -> Envelope.of(new Enrolled(issued.chainPem(), null, null, null, controllers.all())));
    }

    private Uni<Envelope<Enrolled>> router(@Nullable String token, JsonNode json) {
        return enrolling
                .router(token, text(json, "certCsr"), text(json, "serverCertCsr"))
                .map(EnrollResource::routerAnswer);
    }

    private Uni<Envelope<Enrolled>> password(@Nullable String token, JsonNode json) {
        return enrolling
                .password(token, text(json, "username"), text(json, "password"))
                .map(name -> Envelope.of(new Enrolled(null, null, null, name, controllers.all())));
    }

    private static Envelope<Enrolled> routerAnswer(IssuedRouter issued) {
        return Envelope.of(new Enrolled(issued.clientPem(), issued.serverPem(), issued.caPem(), null, null));
    }

    private static @Nullable String text(JsonNode json, String field) {
        return json.path(field).isTextual() ? json.path(field).textValue() : null;
    }

    private static @Nullable String raw(byte @Nullable [] body) {
        return body == null ? null : new String(body, StandardCharsets.UTF_8);
    }
}
