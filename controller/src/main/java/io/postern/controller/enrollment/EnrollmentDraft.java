package io.postern.controller.enrollment;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a caller may write of an identity's enrollment. {@code username} is for updb, {@code caId} for ottca. */
@Valid
public record EnrollmentDraft(
        @NotBlank String identityId,
        @NotNull EnrollmentMethod method,
        @NotNull Instant expiresAt,
        @Nullable String username,
        @Nullable String caId) {}
