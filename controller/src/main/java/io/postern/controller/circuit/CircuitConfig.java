package io.postern.controller.circuit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How circuits are made and kept. */
@ConfigMapping(prefix = "postern.circuit")
public interface CircuitConfig {
    /** How long all routers of a path have for one attempt. */
    @WithDefault("10s")
    Duration routeTimeout();

    /** Attempts for one dial. */
    @WithDefault("2")
    int attempts();

    /** How long a circuit without a path is kept for its links or routers to come back. */
    @WithDefault("30s")
    Duration hold();

    /** After which a router that does not come back takes its circuits with it. */
    @WithDefault("2m")
    Duration routerLoss();
}
