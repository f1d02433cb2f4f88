package io.postern.cli.quickstart;

import java.io.IOException;
import java.io.PrintWriter;

/** Tells what happens, one line per step with its time. */
final class Narrator {
    private final PrintWriter out;
    private final long begin = System.nanoTime();

    Narrator(PrintWriter out) {
        this.out = out;
    }

    /** Something that takes a while. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws IOException, InterruptedException;
    }

    /** Takes a step and tells its time. */
    <T> T step(String name, Step<T> step) throws IOException, InterruptedException {
        long start = System.nanoTime();
        T result = step.take();
        out.printf("%8.2f s  %s%n", (System.nanoTime() - start) / 1e9, name);
        return result;
    }

    void tell(String text) {
        out.println("            " + text);
    }

    void done() {
        out.printf("%8.2f s  in total%n", (System.nanoTime() - begin) / 1e9);
    }

    void addresses(Home home) {
        out.println();
        out.println("The network stays up until Ctrl-C.");
        out.println("  controller      " + home.controller());
        out.println("  edge router a   tls:localhost:" + home.port("edge-a"));
        out.println("  edge router b   tls:localhost:" + home.port("edge-b"));
        out.println("  administrator   admin, password in " + home.passwordFile());
        out.println("  identities      " + home.file("host.json") + ", " + home.file("dialer.json"));
        out.println("  logs            " + home.file("logs"));
        out.println();
        out.println("Try:");
        out.println("  ./postern login " + home.controller() + " --yes --password-file " + home.passwordFile());
        out.println("  ./postern list identities");
    }
}
