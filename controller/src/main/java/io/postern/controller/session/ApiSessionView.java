package io.postern.controller.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.api.EntityRef;
import io.postern.controller.kernel.Base;
import java.time.Instant;
import java.util.List;

/** What an administrator reads of an API Session. The token is its owner's: the id stands for it here. */
public record ApiSessionView(
        @JsonUnwrapped Base base,
        String token,
        String identityId,
        EntityRef identity,
        String authenticatorId,
        String ipAddress,
        List<String> configTypes,
        List<Object> authQueries,
        @JsonProperty("isMfaRequired") boolean isMfaRequired,
        @JsonProperty("isMfaComplete") boolean isMfaComplete,
        @JsonProperty("isCertExtendable") boolean isCertExtendable,
        Instant lastActivityAt,
        Instant cachedLastActivityAt,
        Instant expiresAt) {}
