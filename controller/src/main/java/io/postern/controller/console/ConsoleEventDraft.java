package io.postern.controller.console;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy reports. What an event has nothing to say of is left out.
 *
 * @param id the proxy's, random; an event that arrives twice counts once
 * @param type such as {@code session.open}
 * @param host name of the container host
 * @param container its name
 * @param action the right that it was about
 * @param bytesIn typed or copied in; {@code bytesOut} the other way
 * @param details anything else: flat, or short
 */
@Valid
public record ConsoleEventDraft(
        @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{16,64}") String id,
        @NotNull Instant at,

        @NotNull @Pattern(regexp = "[a-z][a-zA-Z]*([.][a-z][a-zA-Z]*){0,3}") @Size(max = 64)
        String type,

        @Nullable @Size(max = 64) String identityId,
        @Nullable @Size(max = 256) String identityName,
        @Nullable @Size(max = 64) String apiSessionId,
        @Nullable @Size(max = 64) String sessionId,
        @Nullable @Size(max = 256) String host,
        @Nullable @Size(max = 64) String containerId,
        @Nullable @Size(max = 256) String container,
        @Nullable @Size(max = 512) String image,
        @Nullable @Size(max = 64) String action,
        @Nullable @Size(max = 1024) String reason,
        @Nullable Long bytesIn,
        @Nullable Long bytesOut,
        @Nullable Long durationMillis,
        @Nullable Integer exitCode,
        @Nullable Map<@NotBlank @Size(max = 64) String, Object> details) {}
