package io.postern.controller.policy;

import io.postern.fabric.policy.Semantic;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller may write of a service policy. */
@Valid
public record ServicePolicyDraft(
        @NotBlank @Size(max = 256) String name,
        @NotNull PolicyType type,
        @NotNull Semantic semantic,
        @Nullable List<String> serviceRoles,
        @Nullable List<String> identityRoles,
        @Nullable List<String> postureCheckRoles,
        @Nullable Map<String, Object> tags) {}
