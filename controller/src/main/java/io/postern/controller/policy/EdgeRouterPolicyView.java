package io.postern.controller.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.controller.kernel.Base;
import io.postern.fabric.policy.Semantic;
import java.util.List;

/** What a caller reads of a edge router policy. */
public record EdgeRouterPolicyView(
        @JsonUnwrapped Base base,
        String name,
        Semantic semantic,
        List<String> edgeRouterRoles,
        List<RoleDisplay> edgeRouterRolesDisplay,
        List<String> identityRoles,
        List<RoleDisplay> identityRolesDisplay,
        @JsonProperty("isSystem") boolean isSystem) {}
