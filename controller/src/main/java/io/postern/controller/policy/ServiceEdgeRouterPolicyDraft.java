package io.postern.controller.policy;

import io.postern.fabric.policy.Semantic;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller may write of a service edge router policy. */
@Valid
public record ServiceEdgeRouterPolicyDraft(
        @NotBlank @Size(max = 256) String name,
        @NotNull Semantic semantic,
        @Nullable List<String> edgeRouterRoles,
        @Nullable List<String> serviceRoles,
        @Nullable Map<String, Object> tags) {}
