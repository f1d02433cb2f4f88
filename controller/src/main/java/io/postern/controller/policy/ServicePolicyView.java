package io.postern.controller.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.controller.kernel.Base;
import io.postern.fabric.policy.Semantic;
import java.util.List;

/** What a caller reads of a service policy. */
public record ServicePolicyView(
        @JsonUnwrapped Base base,
        String name,
        PolicyType type,
        Semantic semantic,
        List<String> serviceRoles,
        List<RoleDisplay> serviceRolesDisplay,
        List<String> identityRoles,
        List<RoleDisplay> identityRolesDisplay,
        List<String> postureCheckRoles,
        List<RoleDisplay> postureCheckRolesDisplay,
        @JsonProperty("isSystem") boolean isSystem) {}
