package io.postern.controller.identity;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller may write of an identity. {@code enrollment} counts on create only. */
@Valid
public record IdentityDraft(
        @NotBlank @Size(max = 256) String name,
        @NotNull IdentityType type,
        @NotNull Boolean isAdmin,
        @Nullable List<String> roleAttributes,
        @Valid @Nullable FirstEnrollment enrollment,
        @Nullable String authPolicyId,
        @Size(max = 256) @Nullable String externalId,
        @Nullable Map<String, Object> appData,
        @Min(0) @Max(65535) @Nullable Integer defaultHostingCost,
        @Nullable Precedence defaultHostingPrecedence,
        @Nullable Map<String, Integer> serviceHostingCosts,
        @Nullable Map<String, Precedence> serviceHostingPrecedences,
        @Nullable List<String> permissions,
        @Nullable Map<String, Object> tags) {
    /** @param ott whether to make one @param updb the username @param ottca the id of a CA */
    @Valid
    public record FirstEnrollment(
            @Nullable Boolean ott,
            @Nullable String ottca,
            @Size(min = 1, max = 100) @Nullable String updb) {}
}
