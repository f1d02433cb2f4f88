package io.postern.controller.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller may write of a config. The type is set once. */
@Valid
public record ConfigDraft(
        @NotBlank @Size(max = 256) String name,
        @NotBlank String configTypeId,
        @NotNull Map<String, Object> data,
        @Nullable Map<String, Object> tags) {}
