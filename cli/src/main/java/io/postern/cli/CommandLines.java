package io.postern.cli;

import io.quarkus.picocli.runtime.PicocliCommandLineFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Sets up the command line: failures are sentences on standard error, never stack traces. */
@ApplicationScoped
final class CommandLines {
    @Produces
    CommandLine commandLine(PicocliCommandLineFactory factory) {
        return prepared(factory.create());
    }

    static CommandLine prepared(CommandLine line) {
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExpandAtFiles(false); // @name is a role, not a file of arguments
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
