package io.postern.controller.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.api.EntityRef;
import io.postern.controller.kernel.Base;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller reads of an identity.
 *
 * @param authenticators by method, for example {@code cert} with id and fingerprint
 * @param enrollment by method, for example {@code ott} with token, jwt and expiresAt; empty once enrolled
 */
public record IdentityView(
        @JsonUnwrapped Base base,
        String name,
        EntityRef type,
        String typeId,
        @JsonProperty("isAdmin") boolean isAdmin,
        @JsonProperty("isDefaultAdmin") boolean isDefaultAdmin,
        @JsonProperty("isMfaEnabled") boolean isMfaEnabled,
        List<String> roleAttributes,
        Map<String, Object> authenticators,
        Map<String, Object> enrollment,
        EntityRef authPolicy,
        String authPolicyId,
        @Nullable String externalId,
        Map<String, Object> appData,
        int defaultHostingCost,
        String defaultHostingPrecedence,
        Map<String, Object> serviceHostingCosts,
        Map<String, Object> serviceHostingPrecedences,
        List<String> permissions,
        Map<String, Object> envInfo,
        Map<String, Object> sdkInfo,
        @Nullable List<Object> interfaces,
        boolean hasApiSession,
        boolean hasEdgeRouterConnection,
        String edgeRouterConnectionStatus,
        boolean disabled,
        @JsonInclude(Include.NON_NULL) @Nullable Instant disabledAt,
        @JsonInclude(Include.NON_NULL) @Nullable Instant disabledUntil) {}
