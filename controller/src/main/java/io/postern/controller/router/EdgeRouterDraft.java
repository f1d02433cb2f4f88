package io.postern.controller.router;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller may write of an edge router. */
@Valid
public record EdgeRouterDraft(
        @NotBlank @Size(max = 256) String name,
        @Nullable Boolean isTunnelerEnabled,
        @Nullable List<String> roleAttributes,
        @Min(0) @Max(65535) @Nullable Integer cost,
        @Nullable Boolean noTraversal,
        @Nullable Boolean disabled,
        @Nullable Map<String, Object> appData,
        @Nullable Map<String, Object> ctrlChanListeners,
        @Nullable List<String> configs,
        @Nullable Map<String, Object> tags) {}
