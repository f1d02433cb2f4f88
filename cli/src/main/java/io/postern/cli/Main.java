package io.postern.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * The program. Parses and runs the command itself: no verb needs a container of beans, and booting one would take most of
 * the time that a short verb takes. Quarkus builds and packages this, natively too.
 */
@QuarkusMain
public final class Main {
    private Main() {}

    /** A writer that ends the waiting with the first thing it writes. */
    private static PrintWriter ahead(Progress progress, PrintStream to) {
        OutputStream first = new FilterOutputStream(to) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                progress.close();
                out.write(bytes, offset, length);
                if (to.checkError()) {
                    throw new IOException("it cannot be written");
                }
            }
        };
        return new PrintWriter(new OutputStreamWriter(first, StandardCharsets.UTF_8), true);
    }

    public static void main(String... arguments) {
        Logs.toStandardError();
        CommandLine line = CommandLines.prepared(new Postern(), arguments);
        if (Boolean.getBoolean("postern.terminal")
                && Verb.asks(arguments)) { // the launcher looks what standard error is
            Progress progress = Progress.on(System.err, "waiting for an answer");
            line.setOut(ahead(progress, System.out));
            line.setErr(ahead(progress, System.err));
            int code = line.execute(arguments);
            progress.close();
            System.exit(code);
        }
        System.exit(line.execute(arguments));
    }
}
