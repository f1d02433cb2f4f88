package io.postern.wsproxy.hub;

import io.netty.channel.EventLoop;
import io.postern.wsproxy.engine.HostStream;
import io.postern.wsproxy.engine.Tunnel;
import io.postern.wsproxy.hub.Viewer.End;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How places and whole consoles end. On the console's loop.
 *
 * <pre>
 * Open ─stream ends→ Open ─reason known→ Finished ─shown to all, or grace→ Over
 * Open ─owner of an exec goes, or an order→ Doomed ─process ended→ Finished;   Open ─last place of an attach goes→ Over
 * </pre>
 */
final class Farewell {
    private enum State {
        OPEN,
        /** Its process is being ended; nobody may sit down. */
        DOOMED,
        /** How it ended is known; who comes back is still told. */
        FINISHED,
        OVER
    }

    private final Console console;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private CompletionStage<Boolean> reaped = CompletableFuture.completedStage(true);
    private volatile State state = State.OPEN;
    private @Nullable End outcome;

    Farewell(Console console) {
        this.console = console;
    }

    /** May somebody sit down still? */
    boolean isOpen() {
        return state == State.OPEN || state == State.FINISHED;
    }

    boolean isFinished() {
        return state == State.FINISHED || state == State.OVER;
    }

    /** How it ended; null before that is known. */
    @Nullable
    End outcome() {
        return outcome;
    }

    /** Completes when nothing of the console is left, its process included. */
    CompletionStage<Void> over() {
        return over;
    }

    private EventLoop loop() {
        return console.loop();
    }

    private void afterGrace(Runnable task) {
        loop().schedule(task, console.facts().options().grace().toMillis(), TimeUnit.MILLISECONDS);
    }

    void tooSlow(Place place) {
        leave(place, new End.TooSlow());
    }

    void expel(Place place, String reason) {
        leave(place, new End.Expelled(reason));
    }

    /** Its client said so, or typed the keys for it, or never came. */
    void left(Place place) {
        leave(place, new End.Detached());
    }

    private void leave(Place place, End why) {
        if (place.isOver()) {
            return;
        }
        if (!console.isExec() || place.isObserver() || isFinished()) {
            remove(place, why);
        } else if (state == State.OPEN) {
            state = State.DOOMED;
            remove(place, why);
            reap(why instanceof End.Expelled ? new End.Detached() : why);
        }
    }

    void lost(Place place) {
        console.sizes().gone(place);
        console.hub().saw(new ConsoleEvent.Lost(place.session(), place.who(), console.container()));
        if (place.isObserver()) {
            remove(place, new End.Detached());
            return;
        }
        console.tellViewers();
        afterGrace(() -> {
            if (!place.isSeated() && !place.isOver()) {
                leave(place, new End.Expelled("the connection was lost and did not come back"));
            }
        });
    }

    /** Nobody took the place. */
    void abandoned(Place place) {
        if (!place.isSeated()) {
            left(place);
        }
    }

    /** A client was told its end. After an exit the place is kept for a while: the client may not have heard it. */
    void ended(Place place, End why) {
        console.hub().left(place, why);
        if (why instanceof End.Exit) {
            afterGrace(() -> remove(place, why));
        } else {
            remove(place, why);
        }
    }

    void remove(Place place, End why) {
        if (place.isOver()) {
            return;
        }
        if (place.isSeated()) {
            place.endNow(why); // comes back here when it has told the client
        }
        if (!console.places().remove(place)) {
            return;
        }
        place.close();
        console.hub().left(place, why);
        console.hub().forget(place);
        console.sizes().gone(place);
        console.tape().marker(place.who().name() + " leaves");
        console.tellViewers();
        if (console.places().isEmpty() && state != State.DOOMED) {
            close();
        }
    }

    /** Ends everything here with one reason; an exec's process, too. */
    void end(End why) {
        List<Place> all = List.copyOf(console.places());
        if (isFinished()) {
            all.forEach(place -> remove(place, why));
        } else if (state == State.OPEN) {
            state = State.DOOMED;
            all.forEach(place -> remove(place, why));
            reap(why);
        }
    }

    /** The engine's stream is gone, and this is why. @param gone is the process known to be gone? */
    void concluded(boolean gone, End why) {
        if (state != State.OPEN) {
            return;
        }
        HostStream live = console.stream();
        if (!gone && live != null && console.facts().source() instanceof Source.Command command) {
            reaped = kill(command, live); // nobody could ever see it again, and who watched need not wait for that
        }
        finish(why);
    }

    /** Ends an exec's process, then the console. */
    private void reap(End why) {
        HostStream live = console.stream();
        if (live == null || !(console.facts().source() instanceof Source.Command command)) {
            finish(why);
            return;
        }
        live.resume(); // what it still prints must not keep it from ending
        kill(command, live).whenComplete((gone, failure) -> loop().execute(() -> finish(why)));
    }

    private CompletionStage<Boolean> kill(Source.Command command, HostStream live) {
        Console.Facts facts = console.facts();
        return console.hub()
                .reaper()
                .end(new Reaper.Doomed(command, facts.session(), live), loop())
                .whenComplete((gone, failure) -> {
                    if (!Boolean.TRUE.equals(gone)) {
                        console.hub().saw(new ConsoleEvent.Orphan(facts.session(), facts.who(), console.container()));
                    }
                });
    }

    /** Ends what still runs of the command, though the engine says that it ended. @return did anything? */
    CompletionStage<Boolean> survivor() {
        return console.facts().source() instanceof Source.Command command
                ? console.hub().reaper().sweep(command, console.facts().session(), loop())
                : CompletableFuture.completedStage(false);
    }

    /** The engine started a command that nobody waits for any more. */
    void late(Tunnel tunnel) {
        if (console.facts().source() instanceof Source.Command command) {
            tunnel.stream().resume();
            kill(command, tunnel.stream()).whenComplete((gone, failure) -> tunnel.drop());
        } else {
            tunnel.drop();
        }
    }

    void finish(End why) {
        if (isFinished()) {
            return;
        }
        state = State.FINISHED;
        outcome = why;
        if (why instanceof End.Exit(int code)) {
            console.tape().exit(code);
        }
        console.closeStream();
        List.copyOf(console.places()).forEach(place -> place.endAfterOutput(why));
        afterGrace(() -> List.copyOf(console.places()).forEach(place -> remove(place, why)));
        if (console.places().isEmpty()) {
            close();
        }
    }

    private void close() {
        if (state == State.OVER) {
            return;
        }
        boolean unfinished = state != State.FINISHED;
        state = State.OVER;
        if (unfinished) {
            console.closeStream();
        }
        console.ring().release();
        reaped.whenComplete((gone, failure) -> over.complete(null));
    }
}
