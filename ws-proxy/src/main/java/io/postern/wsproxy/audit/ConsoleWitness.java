package io.postern.wsproxy.audit;

import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.hub.ConsoleEvent;
import io.postern.wsproxy.hub.Consoles.Kind;
import io.postern.wsproxy.hub.Viewer.End;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Puts on record what the hub saw. A session is its opener's place; whoever observes it joins and leaves. */
@Singleton
public class ConsoleWitness implements ConsoleEvent.Witness {
    private final Audit audit;

    ConsoleWitness(Audit audit) {
        this.audit = audit;
    }

    @Override
    public void saw(ConsoleEvent event) {
        audit.record(happening(event));
    }

    static Happening happening(ConsoleEvent event) {
        return switch (event) {
            case ConsoleEvent.Seated it
            when it.observer() || it.resumed() ->
                new Happening.Joined(it.session().value(), it.who(), it.container(), it.observer(), it.resumed());
            case ConsoleEvent.Seated it ->
                new Happening.Opened(
                        it.session().value(),
                        it.who(),
                        it.container(),
                        action(it.kind()),
                        it.command(),
                        it.user(),
                        it.tty(),
                        it.recording().isPresent());
            case ConsoleEvent.Lost it ->
                new Happening.ConnectionLost(it.session().value(), it.who(), it.container());
            case ConsoleEvent.Resized it ->
                new Happening.Resized(
                        it.session().value(),
                        it.who(),
                        it.container(),
                        it.size().columns(),
                        it.size().rows());
            case ConsoleEvent.Left it
            when it.observer() ->
                new Happening.Left(
                        it.session().value(),
                        it.who(),
                        it.container(),
                        true,
                        reason(it.why()),
                        it.inputBytes(),
                        it.outputBytes(),
                        it.length());
            case ConsoleEvent.Left it ->
                new Happening.Closed(
                        it.session().value(),
                        it.who(),
                        it.container(),
                        action(it.kind()),
                        reason(it.why()),
                        it.inputBytes(),
                        it.outputBytes(),
                        it.length(),
                        it.why() instanceof End.Exit(int code) ? Optional.of(code) : Optional.empty());
            case ConsoleEvent.Orphan it -> new Happening.Orphan(it.session().value(), it.who(), it.container());
        };
    }

    private static Action action(Kind kind) {
        return kind == Kind.EXEC ? Action.EXEC : Action.ATTACH;
    }

    private static String reason(End why) {
        return switch (why) {
            case End.Exit exit -> "exit";
            case End.Detached detached -> "detached";
            case End.Expelled(String reason) -> "expelled: " + reason;
            case End.Draining draining -> "the proxy ends";
            case End.TooSlow slow -> "too slow";
            case End.Broken(String reason) -> "broken: " + reason;
        };
    }
}
