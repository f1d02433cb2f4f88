package io.postern.controller.oidc;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Tokens, as RFC 6749 (5.1) and RFC 8693 (2.2.1) name them.
 *
 * @param accessToken in an exchange for an id token that one
 * @param issuedTokenType of exchanges only
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TokenAnswer(
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("issued_token_type") @Nullable String issuedTokenType,
        @JsonProperty("token_type") String tokenType,
        @JsonProperty("expires_in") long expiresIn,
        @JsonProperty("refresh_token") @Nullable String refreshToken,
        @JsonProperty("id_token") @Nullable String idToken,
        @JsonProperty("scope") @Nullable String scope) {
    /** Shows no token. */
    @Override
    public String toString() {
        return "tokens for " + expiresIn + " s";
    }
}
