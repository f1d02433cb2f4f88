package io.postern.controller.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.api.EntityRef;
import io.postern.controller.kernel.Base;
import java.util.Map;

/** What a caller reads of a config. */
public record ConfigView(
        @JsonUnwrapped Base base, String name, String configTypeId, EntityRef configType, Map<String, Object> data) {}
