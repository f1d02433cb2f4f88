package io.postern.observe;

import java.io.IOException;
import java.io.InputStream;

/**
 * The parent of a program that lives for another one, as a quickstart's do: {@code postern.exit-with-parent=true} says that standard
 * input is a pipe which the parent holds. Its end is the parent's, however that came. A line on it says that the parent has
 * done what it wanted for now: the program gives back what its start and first use left on the heap.
 */
public final class ParentWatch {
    private ParentWatch() {}

    /** @param exit run on a thread of its own when the parent has ended */
    public static void startWhereAsked(Runnable exit) {
        if (Boolean.getBoolean("postern.exit-with-parent")) {
            Thread.ofPlatform().daemon().name("parent-watch").start(() -> watch(System.in, System::gc, exit));
        }
    }

    static void watch(InputStream parent, Runnable rest, Runnable exit) {
        try {
            for (int read = parent.read(); read >= 0; read = parent.read()) {
                if (read == '\n') {
                    rest.run();
                }
            }
        } catch (IOException e) {
            // a broken pipe is an end as well
        }
        exit.run();
    }
}
