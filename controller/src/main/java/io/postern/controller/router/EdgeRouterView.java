package io.postern.controller.router;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.controller.kernel.Base;
import io.postern.controller.presence.RouterPresence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller reads of an edge router. The enrollment fields are there until it is enrolled. */
public record EdgeRouterView(
        @JsonUnwrapped Base base,
        String name,
        List<String> roleAttributes,
        @JsonProperty("isTunnelerEnabled") boolean isTunnelerEnabled,
        @JsonProperty("isVerified") boolean isVerified,
        @JsonProperty("isOnline") boolean isOnline,
        String hostname,
        Map<String, String> supportedProtocols,
        String syncStatus,
        List<String> capabilities,
        int cost,
        boolean noTraversal,
        boolean disabled,
        Map<String, Object> appData,
        List<String> configs,
        Map<String, Object> ctrlChanListeners,
        @JsonInclude(Include.NON_NULL) @Nullable String fingerprint,
        @Nullable String certPem,
        @Nullable String unverifiedFingerprint,
        @Nullable String unverifiedCertPem,
        @Nullable List<Object> interfaces,
        RouterPresence.Version versionInfo,
        @JsonInclude(Include.NON_NULL) @Nullable String enrollmentToken,
        @JsonInclude(Include.NON_NULL) @Nullable String enrollmentJwt,
        @JsonInclude(Include.NON_NULL) @Nullable Instant enrollmentCreatedAt,
        @JsonInclude(Include.NON_NULL) @Nullable Instant enrollmentExpiresAt) {}
