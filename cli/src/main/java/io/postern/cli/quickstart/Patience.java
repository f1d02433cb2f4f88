package io.postern.cli.quickstart;

import io.postern.cli.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Waits for conditions, with a limit and a sentence for when it is reached. */
final class Patience {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final ThreadLocal<String> NOTE = new ThreadLocal<>();

    private Patience() {}

    @FunctionalInterface
    interface Condition<T> {
        Optional<T> look() throws IOException, InterruptedException;
    }

    /** What the last attempt failed with, for the sentence at the end. */
    static void note(String why) {
        NOTE.set(why);
    }

    static <T> T until(String what, Duration limit, Condition<T> condition) throws IOException, InterruptedException {
        NOTE.remove();
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> result = condition.look();
            if (result.isPresent()) {
                return result.get();
            }
            if (System.nanoTime() > deadline) {
                String note = NOTE.get();
                throw new Failure(
                        Failure.REFUSED,
                        "Waited " + limit.toSeconds() + " s in vain for " + what + "."
                                + (note == null ? "" : " Last: " + note));
            }
            Thread.sleep(PAUSE);
        }
    }
}
