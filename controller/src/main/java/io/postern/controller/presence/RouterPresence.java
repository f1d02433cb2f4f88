package io.postern.controller.presence;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which edge routers are connected now, and what they say of themselves. Answers from memory; any thread. */
public interface RouterPresence {
    /** Empty for a router that has no control channel. */
    Optional<Presence> of(String routerId);

    /**
     * @param hostname without port, may be empty
     * @param supportedProtocols scheme to address, for example {@code tls} to {@code tls://host:port}
     * @param syncStatus the state of its router data model, for example {@code SYNC_DONE}
     */
    record Presence(
            String hostname,
            Map<String, String> supportedProtocols,
            String syncStatus,
            List<String> capabilities,
            @Nullable Version version) {}

    record Version(String version, String revision, String buildDate, String os, String arch) {}
}
