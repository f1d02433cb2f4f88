package io.postern.cli;

import io.postern.cli.console.AttachCommand;
import io.postern.cli.console.ContainersCommand;
import io.postern.cli.console.CopyCommand;
import io.postern.cli.console.ExecCommand;
import io.postern.cli.console.RecordingsCommand;
import io.postern.cli.console.SessionsCommand;
import io.postern.cli.quickstart.QuickstartCommand;
import io.quarkus.picocli.runtime.annotations.TopCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command {@code postern}. What it can do is the list of its sub-commands. */
@TopCommand
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
        },
        subcommands = {
            QuickstartCommand.class,
            ProgramStubs.Controller.class,
            ProgramStubs.Router.class,
            LoginCommand.class,
            EnrollCommand.class,
            CreateCommand.class,
            ListCommand.class,
            ShowCommand.class,
            UpdateCommand.class,
            DeleteCommand.class,
            ContainersCommand.class,
            AttachCommand.class,
            ExecCommand.class,
            CopyCommand.class,
            SessionsCommand.class,
            RecordingsCommand.class
        })
public final class Postern {
    /** Says which version this is. */
    public static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Postern.class.getPackage().getImplementationVersion();
            return new String[] {"postern " + (version == null ? "0.1.0" : version)};
        }
    }
}
