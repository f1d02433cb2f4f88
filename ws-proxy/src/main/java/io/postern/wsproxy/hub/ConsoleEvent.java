package io.postern.wsproxy.hub;

import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.hub.Viewer.End;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What happened at a console, for the audit. The session is that of the place; input and output have no content here. */
public sealed interface ConsoleEvent {
    SessionId session();

    /** Who sits there, and where. @param command of an exec, empty for an attach */
    record Seated(
            SessionId session,
            Subject who,
            ContainerFacts container,
            Consoles.Kind kind,
            boolean observer,
            boolean resumed,
            List<String> command,
            Optional<String> user,
            boolean tty,
            Optional<String> recording)
            implements ConsoleEvent {}

    /** The connection broke; the place waits. */
    record Lost(SessionId session, Subject who, ContainerFacts container) implements ConsoleEvent {}

    record Resized(SessionId session, Subject who, ContainerFacts container, Size size) implements ConsoleEvent {}

    /** Somebody left for good. Bytes are those of this place. @param why what the client was told */
    record Left(
            SessionId session,
            Subject who,
            ContainerFacts container,
            Consoles.Kind kind,
            boolean observer,
            End why,
            Duration length,
            long inputBytes,
            long outputBytes)
            implements ConsoleEvent {}

    /** The process of an exec that was to end could not be ended. */
    record Orphan(SessionId session, Subject who, ContainerFacts container) implements ConsoleEvent {}

    /** Hears of it; on any thread, in order for each session, and must not block. */
    @FunctionalInterface
    interface Witness {
        void saw(ConsoleEvent event);
    }
}
