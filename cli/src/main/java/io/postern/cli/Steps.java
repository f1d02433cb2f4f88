package io.postern.cli;

import java.io.IOException;
import java.io.PrintWriter;

/** Tells what happens, one line for each step with its time. */
public final class Steps {
    private final PrintWriter out;
    private final long begin = System.nanoTime();

    public Steps(PrintWriter out) {
        this.out = out;
    }

    /** Something that takes a while. */
    @FunctionalInterface
    public interface Step<T> {
        T take() throws IOException, InterruptedException;
    }

    /** Takes a step, then tells its name and time; nothing when it fails. */
    public <T> T step(String name, Step<T> step) throws IOException, InterruptedException {
        long start = System.nanoTime();
        T result = step.take();
        line(name, start);
        return result;
    }

    /** The time of all of them. */
    public void total() {
        line("in total", begin);
    }

    private void line(String name, long since) {
        out.printf("%8.2f s  %s%n", (System.nanoTime() - since) / 1e9, name);
        out.flush();
    }

    /** Something about the last step. */
    public void tell(String text) {
        out.println("            " + text);
        out.flush();
    }
}
