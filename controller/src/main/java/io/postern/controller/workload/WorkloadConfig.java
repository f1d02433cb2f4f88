package io.postern.controller.workload;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Whose workload tokens count. Off until {@link #issuer}, {@link #keys} and {@link #routers} are set. */
@ConfigMapping(prefix = "postern.workload")
public interface WorkloadConfig {
    /** Issuer of the tokens, as it stands in them; {@code https://kubernetes.default.svc.cluster.local}, say. */
    Optional<String> issuer();

    /** Where the issuer's public keys are, as a JSON Web Key Set: an https address, or a file. */
    Optional<String> keys();

    /** PEM file of who is trusted at that address; the system's authorities by default. */
    Optional<String> keysCa();

    /** File with a token that is shown there, read anew each time. */
    Optional<String> keysTokenFile();

    /** Audience that the tokens must be for, so that a token for another program is worth nothing here. */
    @WithDefault("postern")
    String audience();

    /** Service accounts whose pods are edge routers, as {@code namespace/name}. */
    Optional<List<String>> routers();

    /** Role attributes of routers that are made so. */
    Optional<List<String>> routerRoles();

    /** May such routers host and dial by themselves? */
    @WithDefault("false")
    boolean routerTunneler();
}
