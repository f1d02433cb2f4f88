package io.postern.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.api.Envelope;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.kernel.Bodies;
import io.postern.controller.router.EdgeRouters;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges a workload token for an ordinary one-time enrollment token of the edge router that is named like the pod. A router
 * that is missing is made; one that was enrolled before is enrolled anew, and its old certificate is worth nothing then.
 */
@Path("/edge/client/v1/enroll/workload")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class WorkloadResource {
    private static final Logger LOG = Logger.getLogger(WorkloadResource.class);

    private final WorkloadTokens tokens;
    private final WorkloadConfig config;
    private final EdgeRouters routers;
    private final Bodies bodies;

    WorkloadResource(WorkloadTokens tokens, WorkloadConfig config, EdgeRouters routers, Bodies bodies) {
        this.tokens = tokens;
        this.config = config;
        this.routers = routers;
        this.bodies = bodies;
    }

    /** @param jwt a token of method {@code erott} */
    public record Exchanged(String jwt) {}

    /** Takes {@code {"token": …}}. */
    @POST
    public Uni<Envelope<Exchanged>> exchange(byte @Nullable [] body) {
        if (!tokens.isOn()) {
            throw Refusal.of(ErrorCode.INVALID_ENROLL_METHOD, "workload enrollment is not configured here");
        }
        JsonNode token = bodies.read(body).path("token");
        if (!token.isTextual() || token.textValue().isBlank()) {
            throw Refusal.field("token", "token in body is required", null);
        }
        Context context = Vertx.currentContext();
        return Uni.createFrom()
                .item(() -> tokens.verify(token.textValue().strip()))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .emitOn(task -> context.runOnContext(go -> task.run()))
                .flatMap(this::enrollment);
    }

    private Uni<Envelope<Exchanged>> enrollment(Workload workload) {
        if (!config.routers().orElse(List.of()).contains(workload.account())) {
            throw WorkloadTokens.refused(
                    "service account " + workload.account() + " is none of postern.workload.routers");
        }
        return routers.enrollmentOf(workload.pod(), config.routerRoles().orElse(List.of()), config.routerTunneler())
                .invoke(jwt ->
                        LOG.infof("workload.exchanged router=%s serviceAccount=%s", workload.pod(), workload.account()))
                .map(jwt -> Envelope.of(new Exchanged(jwt)));
    }
}
