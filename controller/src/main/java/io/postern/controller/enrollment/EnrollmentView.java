package io.postern.controller.enrollment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.api.EntityRef;
import io.postern.controller.kernel.Base;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a caller reads of an enrollment. */
public record EnrollmentView(
        @JsonUnwrapped Base base,
        String method,
        String token,
        String jwt,
        Instant expiresAt,
        @Nullable String identityId,
        @Nullable EntityRef identity,
        @Nullable String edgeRouterId,
        @Nullable EntityRef edgeRouter,
        @JsonInclude(Include.NON_NULL) @Nullable String username,
        @JsonInclude(Include.NON_NULL) @Nullable String caId) {}
