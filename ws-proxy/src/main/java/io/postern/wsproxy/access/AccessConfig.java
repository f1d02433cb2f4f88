package io.postern.wsproxy.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How tokens and rights are judged. */
@ConfigMapping(prefix = "postern.ws-proxy.access")
public interface AccessConfig {
    /** Who may have issued a token; the controllers of the identity file by default, each with {@code /oidc} behind it. */
    Optional<List<String>> issuers();

    /** Whom tokens are for. */
    @WithDefault("openziti")
    String audience();

    /** How long live consoles go on when no controller can be asked whether they still may. New ones are refused at once. */
    @WithDefault("10m")
    Duration unconfirmed();

    /** How often the rights of live consoles are read again though nothing is said to have changed. */
    @WithDefault("30s")
    Duration review();
}
