package io.postern.controller.console;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.controller.kernel.Base;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an administrator reads of an event at a console. {@code createdAt} is when it arrived, {@code at} when it was. */
public record ConsoleEventView(
        @JsonUnwrapped Base base,
        Instant at,
        String type,
        String identityId,
        String identityName,
        String apiSessionId,
        String sessionId,
        String host,
        String containerId,
        String container,
        String image,
        String action,
        String reason,
        @Nullable Long bytesIn,
        @Nullable Long bytesOut,
        @Nullable Long durationMillis,
        @Nullable Integer exitCode,
        Map<String, Object> details,
        String proxyId,
        String proxyName) {}
