package io.postern.cli;

import io.postern.wire.Release;
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
        footer = {"", "'postern help VERB' says more; 'postern help exit-codes' lists what it ends with."})
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
            return new String[] {"postern " + Release.NUMBER};
        }
    }
}
