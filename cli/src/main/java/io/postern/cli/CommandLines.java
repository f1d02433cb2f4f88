package io.postern.cli;

import io.postern.cli.login.Profiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        line.setAllowSubcommandsAsOptionParameters(true); // a profile may be named as a verb is
        line.setExpandAtFiles(false); // @name is a role, not a file of arguments
        line.setExecutionStrategy(parsed -> {
            Profiles.choose(postern.profile);
            CommandLine root = parsed.commandSpec().commandLine();
            int code;
            try {
                code = new CommandLine.RunLast().execute(parsed);
            } finally { // what a verb printed without an end of line would be lost when the program ends
                root.getOut().flush();
                root.getErr().flush();
            }
            return root.getOut().checkError() ? unwritten(root.getErr()) : code;
        });
        line.setParameterExceptionHandler((wrong, words) -> {
            CommandLine verb = wrong.getCommandLine();
            PrintWriter err = verb.getErr();
            err.println("postern: " + Screen.lines(wrong.getMessage()));
            CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
            CommandLine.Help help = verb.getHelp();
            err.print(help.synopsisHeading() + help.synopsis(help.synopsisHeadingLength()));
            String name = verb.getCommandSpec().qualifiedName(" ");
            err.println("'" + name + " --help' says more.");
            return verb.getCommandSpec().exitCodeOnInvalidInput();
        });
        line.setExecutionExceptionHandler((exception, failed, parsed) -> {
            Failure failure = Failure.of(exception);
            failed.getErr().println("postern: " + Screen.lines(failure.getMessage()));
            if (Boolean.getBoolean("postern.debug")) {
                exception.printStackTrace(failed.getErr());
            }
            return failure.exitCode();
        });
        return line;
    }

    /** Half an output is none: a pipe whose reader has enough ends us as the signal would, a full disk is told. */
    private static int unwritten(PrintWriter err) {
        String output;
        try {
            output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
        } catch (IOException e) { // another system than Linux
            output = "";
        }
        if (!output.startsWith("/")) {
            return ExitCode.UNREAD.code();
        }
        err.println("postern: Standard output (" + output + ") cannot be written.");
        return Failure.FILE;
    }
}
