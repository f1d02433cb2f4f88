package io.postern.controller.authenticator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.api.EntityRef;
import io.postern.controller.kernel.Base;
import org.jspecify.annotations.Nullable;

/** What a caller reads of an authenticator: the username of a updb one, the certificate of a cert one. */
@JsonInclude(Include.NON_NULL)
public record AuthenticatorView(
        @JsonUnwrapped Base base,
        String method,
        String identityId,
        EntityRef identity,
        @Nullable String username,
        @Nullable String fingerprint,
        @Nullable String certPem,
        @Nullable Boolean isIssuedByNetwork,
        @Nullable Boolean isExtendRequested,
        @Nullable Boolean isKeyRollRequested) {}
