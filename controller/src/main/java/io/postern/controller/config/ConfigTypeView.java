package io.postern.controller.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.controller.kernel.Base;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller reads of a config type. */
public record ConfigTypeView(
        @JsonUnwrapped Base base, String name, @Nullable Map<String, Object> schema, String target) {}
