package io.postern.wsproxy.hub;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Configuration of consoles, prefix {@code postern.console}; a host's own limits come before it. */
@ConfigMapping(prefix = "postern.console")
public interface HubConfig {
    /** Output kept of each console. Half of it is surely there for a client that comes back. */
    @WithDefault("1M")
    MemorySize ring();

    /** What a newcomer to an attached process is shown of what was. */
    @WithDefault("64K")
    MemorySize scrollback();

    /** How long a place is kept for a lost connection; then an exec's process is ended. */
    @WithDefault("90s")
    Duration grace();

    /** How long a prepared console waits for its client. */
    @WithDefault("30s")
    Duration untaken();

    /** A console in which nothing is typed or printed for so long is ended. */
    @WithDefault("30m")
    Duration idle();

    /** Longest life of a console. */
    @WithDefault("8h")
    Duration longest();

    /** Consoles that one identity may have at once on a host that does not say otherwise. */
    @WithDefault("8")
    int sessionsPerUser();

    /** Consoles that one container may have at once where its host does not say otherwise. */
    @WithDefault("16")
    int sessionsPerContainer();

    /** How long ending all consoles may take when the process is told to stop. */
    @WithDefault("10s")
    Duration drain();

    /** How long a container's main process may be held up, once, while every viewer is behind and none takes a byte. */
    @WithDefault("500ms")
    Duration stall();
}
