package io.postern.controller.channel;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How control channels are kept. */
@ConfigMapping(prefix = "postern.control")
public interface ChannelConfig {
    /** A second channel of a router is refused while its first is younger and still heard. */
    @WithDefault("60s")
    Duration churnLimit();

    /** Silence after which a router counts as unresponsive. */
    @WithDefault("30s")
    Duration unresponsive();
}
