package io.postern.controller.service;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.controller.kernel.Base;
import java.util.List;
import java.util.Map;

/** What a caller reads of a service. Permissions and posture queries are those of an identity, empty without one. */
public record ServiceView(
        @JsonUnwrapped Base base,
        String name,
        String terminatorStrategy,
        boolean encryptionRequired,
        List<String> roleAttributes,
        List<String> configs,
        Map<String, Object> config,
        long maxIdleTimeMillis,
        List<String> permissions,
        List<Object> postureQueries) {}
