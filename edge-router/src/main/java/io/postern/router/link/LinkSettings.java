package io.postern.router.link;

import io.postern.fabric.link.LinkPlan;
import io.postern.transport.ChannelOptions;
import java.time.Duration;
import java.util.List;

/**
 * What Links need to know of this router.
 *
 * @param version text of header 4
 * @param metricsInterval time between two reports of latencies
 */
public record LinkSettings(
        String routerId,
        String version,
        List<LinkPlan.Dialer> dialers,
        ChannelOptions options,
        Duration metricsInterval) {}
