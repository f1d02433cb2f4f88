package io.postern.controller.terminator;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller may write of a terminator. {@code identity} is the instance id that dialers may ask for. */
@Valid
public record TerminatorDraft(
        @NotBlank String service,
        @NotBlank String router,
        @NotBlank @Size(max = 256) String binding,
        @NotBlank @Size(max = 1024) String address,
        @Size(max = 256) @Nullable String identity,
        @Min(0) @Max(65535) @Nullable Integer cost,

        @Pattern(regexp = "default|required|failed") @Nullable
        String precedence,

        @Nullable Map<String, Object> tags) {}
