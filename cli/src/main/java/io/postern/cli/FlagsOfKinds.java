package io.postern.cli;

import static io.postern.cli.Kind.AUTHENTICATOR;
import static io.postern.cli.Kind.CONFIG;
import static io.postern.cli.Kind.EDGE_ROUTER;
import static io.postern.cli.Kind.EDGE_ROUTER_POLICY;
import static io.postern.cli.Kind.ENROLLMENT;
import static io.postern.cli.Kind.IDENTITY;
import static io.postern.cli.Kind.SERVICE;
import static io.postern.cli.Kind.SERVICE_EDGE_ROUTER_POLICY;
import static io.postern.cli.Kind.SERVICE_POLICY;
import static io.postern.cli.Kind.TERMINATOR;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Which flags of create and update are for which kinds: what a kind does not have is refused, and not dropped in silence. */
final class FlagsOfKinds {
    /** By the longest name of a flag; one that is not here is for all kinds. */
    private static final Map<String, Set<Kind>> FOR = Map.ofEntries(
            Map.entry("--role", EnumSet.of(IDENTITY, EDGE_ROUTER, SERVICE)),
            Map.entry("--identity-roles", EnumSet.of(SERVICE_POLICY, EDGE_ROUTER_POLICY)),
            Map.entry("--service-roles", EnumSet.of(SERVICE_POLICY, SERVICE_EDGE_ROUTER_POLICY)),
            Map.entry("--edge-router-roles", EnumSet.of(EDGE_ROUTER_POLICY, SERVICE_EDGE_ROUTER_POLICY)),
            Map.entry("--semantic", EnumSet.of(SERVICE_POLICY, EDGE_ROUTER_POLICY, SERVICE_EDGE_ROUTER_POLICY)),
            Map.entry("--type", EnumSet.of(SERVICE_POLICY, CONFIG, IDENTITY)),
            Map.entry("--encryption", EnumSet.of(SERVICE)),
            Map.entry("--config", EnumSet.of(SERVICE)),
            Map.entry("--data", EnumSet.of(CONFIG)),
            Map.entry("--admin", EnumSet.of(IDENTITY)),
            Map.entry("--tunneler", EnumSet.of(EDGE_ROUTER)),
            Map.entry("--identity", EnumSet.of(ENROLLMENT, AUTHENTICATOR)),
            Map.entry("--service", EnumSet.of(TERMINATOR)),
            Map.entry("--router", EnumSet.of(TERMINATOR)),
            Map.entry("--password-file", EnumSet.of(AUTHENTICATOR)),
            Map.entry("--password-stdin", EnumSet.of(AUTHENTICATOR)),
            Map.entry("--username", EnumSet.of(IDENTITY, ENROLLMENT, AUTHENTICATOR)),
            Map.entry("--jwt-out", EnumSet.of(IDENTITY, EDGE_ROUTER, ENROLLMENT)),
            Map.entry("--enable", EnumSet.of(IDENTITY)),
            Map.entry("--disable", EnumSet.of(IDENTITY)));

    private FlagsOfKinds() {}

    /** @throws Failure when a flag was given that is for other kinds */
    static void check(ParseResult given, Kind kind) {
        for (OptionSpec option : given.matchedOptions()) {
            Set<Kind> kinds = FOR.get(option.longestName());
            if (kinds != null && !kinds.contains(kind)) {
                throw new Failure(
                        Failure.USAGE,
                        option.longestName() + " is not for " + kind.plural() + ", only for "
                                + kinds.stream().map(Kind::plural).collect(Collectors.joining(", ")) + ".");
            }
        }
    }

    /** @throws Failure when a name was given to what has none */
    static void checkNamed(Kind kind) {
        if (!kind.isNamed()) {
            throw new Failure(Failure.USAGE, "A name is not for " + kind.plural() + ": they have only ids.");
        }
    }

    /** The names of the flags of some kinds. */
    static Set<String> names() {
        return FOR.keySet();
    }
}
