package io.postern.wsproxy.hub;

import io.postern.wsproxy.access.Rights.HostRules;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** The hub's door. Any thread; stages complete on any thread and fail with {@code EngineRefusal}. */
public interface Consoles {
    /**
     * Does all that can fail before a client is told yes: the container's state, limits, and for an exec its creation at the
     * engine. What was prepared and is not taken within 30 seconds is undone.
     */
    CompletionStage<Prepared> prepare(Subject who, Wish wish, HostRules rules);

    /** Everybody who sits at a console now. */
    List<Present> present();

    /** Ends the seats that the test picks, as 1008 with this reason; an exec whose owner goes so is ended without grace. */
    void expel(Predicate<Present> whom, String reason);

    /** Lets nobody in any more, tells all viewers, and completes when all have gone or the deadline is over. */
    CompletionStage<Void> drain();

    /** A console that waits for its client. Either is called once. */
    interface Prepared {
        SessionId session();

        ContainerFacts container();

        boolean tty();

        /** Sits down. The viewer is called from now on, on the session's event loop. */
        Seat join(Viewer viewer);

        void abandon();
    }

    /** Somebody at a console. */
    record Present(
            SessionId session, Subject who, ContainerFacts container, Kind kind, boolean observer, String user) {}

    /** Kinds of console. */
    enum Kind {
        ATTACH,
        EXEC
    }
}
