package io.postern.wsproxy.engine;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** Configuration of container hosts, prefix {@code postern}. */
@ConfigMapping(prefix = "postern")
public interface EngineConfig {
    /** Engines on this machine, by the name under which clients and policies know the host. */
    Map<String, Local> hosts();

    Engine engine();

    /** An engine on this machine. */
    interface Local {
        /** Its unix socket, such as {@code /var/run/docker.sock}. */
        String socket();
    }

    /** How engines are asked. */
    interface Engine {
        /** For one control call. */
        @WithDefault("10s")
        Duration callTimeout();

        /** Until an engine hands a stream over. */
        @WithDefault("30s")
        Duration streamTimeout();

        /** Control calls to one host at the same time. */
        @WithDefault("32")
        int callsPerHost();

        /**
         * Keys that leave a terminal while its process runs on. The engine holds the first one back until the next key, so
         * it should be one that nobody types alone.
         */
        @WithDefault("ctrl-^,ctrl-_")
        String detachKeys();

        /** How often the overlay is asked for container hosts. */
        @WithDefault("15s")
        Duration hostsRefresh();
    }
}
