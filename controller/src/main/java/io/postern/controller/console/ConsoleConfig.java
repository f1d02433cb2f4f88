package io.postern.controller.console;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Consoles of containers, as far as the controller has to do with them. */
@ConfigMapping(prefix = "postern.console")
public interface ConsoleConfig {
    /** How long console events are kept, from their arrival. */
    @WithDefault("90d")
    Duration eventsKept();

    /** How long an identity whose policy as a proxy was taken may still report what happened until then. */
    @WithDefault("24h")
    Duration reportsAfter();

    /** Tickets that one API Session can have at a time. */
    @WithDefault("64")
    int tickets();
}
