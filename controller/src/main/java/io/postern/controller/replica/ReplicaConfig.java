package io.postern.controller.replica;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How controllers over one database keep track of one another. */
@ConfigMapping(prefix = "postern.replicas")
public interface ReplicaConfig {
    /** How often a controller says that it lives, and looks who else does. */
    @WithDefault("2s")
    Duration beat();

    /** Silence after which a controller counts as dead: another one takes its circuits over. */
    @WithDefault("10s")
    Duration silence();

    /** Silence after which a controller counts as gone for good: routers dial it no more. */
    @WithDefault("10m")
    Duration forget();

    /** How long a controller waits at its start for another process to give up its id. */
    @WithDefault("60s")
    Duration claim();
}
