package io.postern.wsproxy.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What happens to events at consoles. */
@ConfigMapping(prefix = "postern.ws-proxy.audit")
public interface AuditConfig {
    /** Events kept in memory while the controller is away; what comes beyond is in the log only, and counted. */
    @WithDefault("20000")
    int waiting();

    /** How long the end of the process waits for the last events to be delivered. */
    @WithDefault("5s")
    Duration flush();
}
