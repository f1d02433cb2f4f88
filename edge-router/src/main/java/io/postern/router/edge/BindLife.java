package io.postern.router.edge;

import io.postern.wire.edgectrl.pb.CreateTerminatorResult;
import java.time.Duration;

/**
 * The life of a bind towards the controller: what to do next, after what has happened. Pure; confined to the Channel's
 * loop.
 *
 * <pre>
 *   ASKED ─ok→ STANDING ─controller back→ ASKED
 *     │  ─busy, no answer→ WAITING ─due, controller back→ ASKED
 *     │  ─id taken→ ASKED, under another id
 *     └─ refused→ OVER       any ─closed→ OVER
 * </pre>
 */
final class BindLife {
    enum State {
        ASKED,
        WAITING,
        STANDING,
        OVER
    }

    enum Step {
        NOTHING,
        /** Ask the controller for the terminator. */
        ASK,
        /** Ask under a new terminator id. */
        RENAME,
        /** Ask again after {@link #backoff()}. */
        WAIT,
        /** Tell the host that it is dialled from now on. */
        ANNOUNCE,
        /** Tell the host no. */
        GIVE_UP,
        /** The controller may have the terminator: have it removed. */
        REMOVE
    }

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MOST_NAMES = 3;

    private State state = State.ASKED;
    private boolean announced;
    private int failures;
    private int names = 1;

    State state() {
        return state;
    }

    /** It stood once, so the controller may still have the terminator. */
    boolean announced() {
        return announced;
    }

    Step answered(CreateTerminatorResult result) {
        return switch (state) {
            case OVER -> result == CreateTerminatorResult.Success ? Step.REMOVE : Step.NOTHING;
            case WAITING, STANDING, ASKED ->
                switch (result) {
                    case Success -> stands();
                    case FailedBusy -> unanswered();
                    case FailedIdConflict -> ++names > MOST_NAMES ? refused() : Step.RENAME;
                    case FailedInvalidSession, FailedOther, UNRECOGNIZED -> refused();
                };
        };
    }

    private Step stands() {
        state = State.STANDING;
        failures = 0;
        if (announced) {
            return Step.NOTHING;
        }
        announced = true;
        return Step.ANNOUNCE;
    }

    private Step refused() {
        state = State.OVER;
        return Step.GIVE_UP;
    }

    /** No controller, or none that answers in time. */
    Step unanswered() {
        if (state != State.ASKED) {
            return Step.NOTHING;
        }
        state = State.WAITING;
        failures++;
        return Step.WAIT;
    }

    Step due() {
        if (state != State.WAITING) {
            return Step.NOTHING;
        }
        state = State.ASKED;
        return Step.ASK;
    }

    /** A controller that comes back may have lost the terminator, or never had it. */
    Step controllerConnected() {
        if (state == State.OVER || state == State.ASKED) {
            return Step.NOTHING;
        }
        state = State.ASKED;
        return Step.ASK;
    }

    /** By the host, by loss of its Channel, or because its right is gone. */
    Step closed() {
        if (state == State.OVER) {
            return Step.NOTHING;
        }
        state = State.OVER;
        return Step.REMOVE;
    }

    /** Doubles with each failure in a row. */
    Duration backoff() {
        Duration wait = FIRST.multipliedBy(1L << Math.min(failures - 1, 5));
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
