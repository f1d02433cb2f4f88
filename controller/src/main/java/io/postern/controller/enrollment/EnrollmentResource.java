package io.postern.controller.enrollment;

import io.postern.api.CreateEnvelope;
import io.postern.api.Envelope;
import io.postern.controller.kernel.EntityResource;
import io.postern.controller.kernel.JsonBody;
import io.postern.controller.kernel.Kernel;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Map;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;

@Path("/edge/management/v1/enrollments")
public class EnrollmentResource extends EntityResource<EnrollmentView> {
    /** The body of a refresh. */
    @Valid
    public record Refresh(@NotNull Instant expiresAt) {}

    private final Enrollments enrollments;
    private final Kernel kernel;

    EnrollmentResource(Enrollments enrollments, Kernel kernel) {
        super(enrollments);
        this.enrollments = enrollments;
        this.kernel = kernel;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    public Uni<CreateEnvelope> create(JsonBody body) {
        return enrollments.create(body).map(id -> CreateEnvelope.of("enrollments", id));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Path("{id}/refresh")
    public Uni<Envelope<Map<String, Object>>> refresh(@RestPath String id, JsonBody body) {
        Instant expiresAt = kernel.drafts().read(body, Refresh.class).expiresAt();
        return enrollments.refresh(id, expiresAt).map(done -> Envelope.empty());
    }
}
