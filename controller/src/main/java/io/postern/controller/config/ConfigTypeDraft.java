package io.postern.controller.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller may write of a config type. */
@Valid
public record ConfigTypeDraft(
        @NotBlank @Size(max = 256) String name,
        @Nullable Map<String, Object> schema,
        @Pattern(regexp = "service|router") @Nullable String target,
        @Nullable Map<String, Object> tags) {}
