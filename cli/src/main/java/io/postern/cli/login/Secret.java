package io.postern.cli.login;

import io.postern.cli.Failure;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a password comes from: never the command line, which others see and shells remember. */
public final class Secret {
    private static final int LONGEST = 4096;

    @Option(names = "--password-file", paramLabel = "FILE", description = "File whose first line is the password.")
    @Nullable
    Path file;

    @Option(names = "--password-stdin", description = "Read the password from standard input.")
    boolean stdin;

    @Option(
            names = {"-p", "--password"},
            arity = "0..1",
            fallbackValue = "",
            hidden = true)
    @Nullable
    String shown;

    /** Was a source named? */
    public boolean isGiven() {
        refuseShown();
        return file != null || stdin;
    }

    /**
     * From the file, standard input, {@code $POSTERN_PASSWORD} or the terminal.
     *
     * @param whose for the prompt
     */
    public String read(String whose) throws IOException {
        refuseShown();
        if (file != null) {
            try (InputStream in = Files.newInputStream(file)) {
                return firstLine(in);
            }
        }
        if (stdin) {
            return firstLine(System.in);
        }
        String named = System.getenv("POSTERN_PASSWORD");
        if (named != null) {
            return named;
        }
        Console console = System.console();
        char[] typed = console == null ? null : console.readPassword("Password of %s: ", whose);
        if (typed == null) {
            throw new Failure(
                    Failure.USAGE, "No password: set POSTERN_PASSWORD, or use --password-file or --password-stdin.");
        }
        return new String(typed);
    }

    private void refuseShown() {
        if (shown != null) {
            throw shown();
        }
    }

    /** The refusal of a password on the command line. */
    public static Failure shown() {
        return new Failure(
                Failure.USAGE,
                "A password on the command line is seen by others and kept in the shell's history: use --password-file"
                        + " or --password-stdin.");
    }

    private static String firstLine(InputStream in) throws IOException {
        byte[] start = in.readNBytes(LONGEST);
        String line = new BufferedReader(
                        new InputStreamReader(new java.io.ByteArrayInputStream(start), StandardCharsets.UTF_8))
                .readLine();
        return line == null ? "" : line;
    }
}
