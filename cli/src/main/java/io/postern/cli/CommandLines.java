package io.postern.cli;

import io.postern.cli.login.Profiles;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** Sets up the command line: failures are sentences on standard error, never stack traces. */
final class CommandLines {
    private CommandLines() {}

    /** With every verb. */
    static CommandLine prepared(Postern postern) {
        return prepared(postern, List.of(Verb.values()));
    }

    /** With the verbs that these arguments may mean: reading one costs a tenth of reading all. */
    static CommandLine prepared(Postern postern, String... arguments) {
        return prepared(postern, Verb.meant(arguments));
    }

    private static CommandLine prepared(Postern postern, List<Verb> verbs) {
        CommandLine line = new CommandLine(postern);
        for (Verb verb : verbs) {
            line.addSubcommand(verb.command());
        }
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExpandAtFiles(false); // @name is a role, not a file of arguments
        line.setExecutionStrategy(parsed -> {
            Profiles.choose(postern.profile);
            try {
                return new CommandLine.RunLast().execute(parsed);
            } finally { // what a verb printed without an end of line would be lost when the program ends
                CommandLine root = parsed.commandSpec().commandLine();
                root.getOut().flush();
                root.getErr().flush();
            }
        });
        line.setExecutionExceptionHandler((exception, failed, parsed) -> {
            Failure failure = Failure.of(exception);
            failed.getErr().println("postern: " + failure.getMessage());
            if (Boolean.getBoolean("postern.debug")) {
                exception.printStackTrace(failed.getErr());
            }
            return failure.exitCode();
        });
        return line;
    }
}
