package io.postern.controller.service;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller may write of a service. */
@Valid
public record ServiceDraft(
        @NotBlank @Size(max = 256) String name,

        @Pattern(regexp = "|smartrouting|weighted|random|ha|sticky") @Nullable
        String terminatorStrategy,

        @Nullable Boolean encryptionRequired,
        @Nullable List<String> roleAttributes,
        @Nullable List<String> configs,
        @Min(0) @Nullable Long maxIdleTimeMillis,
        @Nullable Map<String, Object> tags) {}
