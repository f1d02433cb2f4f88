package io.postern.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code postern}. What it can do is the list of its sub-commands. */
@Command(
        name = "postern",
        mixinStandardHelpOptions = true,
        versionProvider = Postern.Version.class,
        description = "A zero-trust overlay network for the JVM.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  done",
            "  1  the controller refused, or what was asked for does not exist",
            "  2  wrong command line",
            "  3  not logged in, or the login is not valid any more",
            "  4  the controller cannot be reached, or its certificate is not trusted",
            "  5  a file cannot be read or written, or holds something else",
            "attach and exec end as what they ran did; where they could not run it or lost it, with 125"
        })
public final class Postern {
    @Option(
            names = "--profile",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The stored login to use (default: $POSTERN_PROFILE, or the one in use).")
    @Nullable
    String profile;

    /** Says which version this is. */
    public static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Postern.class.getPackage().getImplementationVersion();
            return new String[] {"postern " + (version == null ? "0.1.0" : version)};
        }
    }
}
