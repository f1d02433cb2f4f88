package io.postern.wsproxy.hub;

import io.postern.wsproxy.engine.HostStream;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the engine's stream is read: an exec waits for its owner, and for its recording; a container's main process never for
 * long. Confined to the console's loop.
 */
final class Reading {
    /** Why it is not read. */
    private enum Hold {
        OWNER,
        VIEWERS,
        TAPE
    }

    private final Console console;
    private final Pace pace;
    private final EnumSet<Hold> holds = EnumSet.noneOf(Hold.class);
    private volatile boolean held;
    private boolean watched;

    Reading(Console console, HubOptions options) {
        this.console = console;
        this.pace = new Pace(options.ring(), options.stall().toNanos());
    }

    /** Is it not read now? Any thread. */
    boolean isHeld() {
        return held;
    }

    void tapeHasRoom() {
        holds.remove(Hold.TAPE);
        balance();
    }

    /** Looks again; after whatever may have changed it. */
    void balance() {
        HostStream live = console.stream();
        if (live == null) {
            return;
        }
        if (console.isExec()) {
            waitForOwner();
        } else {
            waitForViewers();
        }
        boolean hold = !holds.isEmpty() && console.isLive();
        if (hold != held) {
            held = hold;
            if (hold) {
                live.pause();
            } else {
                live.resume();
            }
        }
    }

    private void waitForOwner() {
        Place owner = owner();
        if (owner != null) {
            OutputRing ring = console.ring();
            ring.keepFrom(owner.position());
            long behind = ring.weightFrom(owner.position());
            if (behind > ring.capacity() / 2) {
                holds.add(Hold.OWNER);
            } else if (behind < ring.capacity() / 4) {
                holds.remove(Hold.OWNER);
            }
        }
        if (!console.tape().hasRoom()) {
            holds.add(Hold.TAPE);
        }
    }

    private @Nullable Place owner() {
        for (Place place : console.places()) {
            if (!place.isObserver()) {
                return place;
            }
        }
        return null;
    }

    private void waitForViewers() {
        long now = System.nanoTime();
        List<Pace.Runner> runners = console.places().stream()
                .filter(Place::isSeated)
                .map(Place::runner)
                .toList();
        if (!pace.holds(runners, now)) {
            holds.remove(Hold.VIEWERS);
            return;
        }
        holds.add(Hold.VIEWERS);
        if (!watched) {
            watched = true;
            console.loop().schedule(this::patienceEnds, pace.left(now), TimeUnit.NANOSECONDS);
        }
    }

    /** Nobody else may ever ask again: viewers that sleep say nothing. */
    private void patienceEnds() {
        watched = false;
        balance();
    }
}
