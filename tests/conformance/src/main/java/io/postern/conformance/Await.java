package io.postern.conformance;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks again and again until somebody else has done something. What fails says what was awaited, for how long, and what was
 * seen last. A {@link Failed} of the question counts as not yet.
 *
 * @param what as in "not seen: WHAT"
 * @param limit how long
 * @param pause between two questions
 * @param worthwhile false when it cannot happen any more
 */
record Await(String what, Duration limit, Duration pause, BooleanSupplier worthwhile) {
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** @param <E> what the question may throw; ends the wait */
    @FunctionalInterface
    interface Question<T, E extends Exception> {
        T ask() throws E, InterruptedException;
    }

    /** @param <E> what the condition may throw; ends the wait */
    @FunctionalInterface
    interface Condition<E extends Exception> {
        boolean holds() throws E, InterruptedException;
    }

    static Await that(String what, Duration limit) {
        return new Await(what, limit, PAUSE, () -> true);
    }

    Await every(Duration other) {
        return new Await(what, limit, other, worthwhile);
    }

    Await whileAlive(Proc proc) {
        return new Await(what, limit, pause, proc::alive);
    }

    <E extends Exception> void holds(Condition<E> condition) throws E, InterruptedException {
        until(condition::holds, each -> each);
    }

    /** Until the question fails no more. */
    <T, E extends Exception> T succeeds(Question<T, E> question) throws E, InterruptedException {
        return until(question, each -> true);
    }

    /** @return the first answer that fits */
    <T, E extends Exception> T until(Question<T, E> question, Predicate<? super T> fits)
            throws E, InterruptedException {
        long begin = System.nanoTime();
        String last = "nothing";
        Failed cause = null;
        while (true) {
            try {
                T answer = question.ask();
                if (fits.test(answer)) {
                    return answer;
                }
                last = String.valueOf(answer);
                cause = null;
            } catch (Failed e) {
                last = String.valueOf(e.getMessage());
                cause = e;
            }
            if (!worthwhile.getAsBoolean()) {
                throw never("the process ended", last, cause);
            }
            if (System.nanoTime() - begin > limit.toNanos()) {
                throw never("in " + limit.toSeconds() + " s", last, cause);
            }
            Thread.sleep(pause);
        }
    }

    private Failed never(String why, String last, @Nullable Failed cause) {
        String text = "not seen: " + what + ", " + why + "; last: " + last.strip();
        return cause == null ? new Failed(text) : new Failed(text, cause);
    }
}
