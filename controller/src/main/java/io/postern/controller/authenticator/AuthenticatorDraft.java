package io.postern.controller.authenticator;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may write of an authenticator. Certificates come by enrollment only. The password is absent where it is
 * read back, and means "unchanged" then.
 */
@Valid
public record AuthenticatorDraft(
        @NotBlank @Pattern(regexp = "updb|cert") String method,
        @NotBlank String identityId,
        @Size(min = 1, max = 100) @Nullable String username,
        @Size(min = 5, max = 100) @Nullable String password,
        @Nullable Map<String, Object> tags) {
    @Override
    public String toString() {
        return "AuthenticatorDraft[" + method + " " + identityId + "]";
    }
}
