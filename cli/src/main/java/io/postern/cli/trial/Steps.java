package io.postern.cli.trial;

import java.io.IOException;
import java.io.PrintWriter;

/** Tells what happens, one line for each step with its time. */
final class Steps {
    private final PrintWriter out;

    Steps(PrintWriter out) {
        this.out = out;
    }

    /** Something that takes a while. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws IOException, InterruptedException;
    }

    <T> T step(String name, Step<T> step) throws IOException, InterruptedException {
        long start = System.nanoTime();
        T result = step.take();
        out.printf("%8.2f s  %s%n", (System.nanoTime() - start) / 1e9, name);
        out.flush();
        return result;
    }

    void tell(String text) {
        out.println("            " + text);
        out.flush();
    }
}
