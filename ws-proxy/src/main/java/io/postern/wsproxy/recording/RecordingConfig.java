package io.postern.wsproxy.recording;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Configuration of recordings, prefix {@code postern.recording}. Whether a console is recorded is its host's to say. */
@ConfigMapping(prefix = "postern.recording")
public interface RecordingConfig {
    /** Where they are kept; made when it is missing. */
    @WithDefault("${user.home}/.postern/ws-proxy/recordings")
    String folder();

    /** What all of them may take. Then none begins, and those that run fail. */
    @WithDefault("10G")
    MemorySize quota();

    /** A recording that ended so long ago is deleted. */
    @WithDefault("90d")
    Duration retention();

    /** What of one console may wait for the disk. */
    @WithDefault("1M")
    MemorySize room();

    /**
     * Files of keys, 64 hexadecimal digits each ({@code openssl rand -hex 32}), kept apart from the recordings. The first one seals
     * what begins (AES-256-GCM), all of them open. Without, recordings are clear.
     */
    Optional<List<String>> keys();
}
