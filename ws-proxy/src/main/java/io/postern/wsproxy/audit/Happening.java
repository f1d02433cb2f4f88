package io.postern.wsproxy.audit;

import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What can happen at a console. Holds no token, ticket, password, and nothing that was typed or printed. */
public sealed interface Happening {
    /** Somebody logged in through the proxy. */
    record LoggedIn(Subject who, String remoteAddress) implements Happening {}

    /** Somebody ended an API Session through the proxy. */
    record LoggedOut(Subject who, String remoteAddress) implements Happening {}

    /** A login was refused; the name is as it was given. */
    record LoginRefused(String username, String remoteAddress) implements Happening {}

    /** @param purpose the right that the ticket opens, or {@code resume} */
    record TicketIssued(Subject who, String purpose, String host, String container, String remoteAddress)
            implements Happening {}

    /** A ticket was taken. */
    record TicketUsed(Subject who, String purpose, String remoteAddress) implements Happening {}

    /**
     * Somebody may not, or is not known.
     *
     * @param who empty when nobody is known
     * @param host as asked for, empty when it was not about one; likewise {@code container}
     * @param reason a sentence or an error code
     */
    record Denied(
            Optional<Subject> who, String action, String host, String container, String reason, String remoteAddress)
            implements Happening {}

    /**
     * A console session began.
     *
     * @param session its id
     * @param action {@link Action#ATTACH} or {@link Action#EXEC}
     * @param command of an exec; told to the controller, not to the log, since people put secrets into commands
     * @param user that the command runs as, if not the container's own
     */
    record Opened(
            String session,
            Subject who,
            ContainerFacts container,
            Action action,
            List<String> command,
            Optional<String> user,
            boolean tty,
            boolean recorded)
            implements Happening {}

    /** Somebody sat down at a session: an observer, or its opener again. */
    record Joined(String session, Subject who, ContainerFacts container, boolean observer, boolean resumed)
            implements Happening {}

    /** And went, or was lost. Bytes are this seat's. */
    record Left(
            String session,
            Subject who,
            ContainerFacts container,
            boolean observer,
            String reason,
            long bytesIn,
            long bytesOut,
            Duration duration)
            implements Happening {}

    /** The connection broke; the place is kept for a while. */
    record ConnectionLost(String session, Subject who, ContainerFacts container) implements Happening {}

    /** The process of an exec that was to end could not be ended: it runs on. */
    record Orphan(String session, Subject who, ContainerFacts container) implements Happening {}

    /** The terminal has another size. */
    record Resized(String session, Subject who, ContainerFacts container, int columns, int rows) implements Happening {}

    /** The session is over. Bytes are the container's. */
    record Closed(
            String session,
            Subject who,
            ContainerFacts container,
            Action action,
            String reason,
            long bytesIn,
            long bytesOut,
            Duration duration,
            Optional<Integer> exitCode)
            implements Happening {}

    /**
     * Files were copied, whole or not.
     *
     * @param action {@link Action#COPY_IN} or {@link Action#COPY_OUT}
     * @param outcome {@code done}, or what went wrong
     */
    record Copied(
            Subject who,
            ContainerFacts container,
            Action action,
            String path,
            long bytes,
            Duration duration,
            String outcome)
            implements Happening {}

    /** A recording is whole. @param who whom it is of @param sha256 the last hash of its chain */
    record RecordingSealed(String recording, String who, ContainerFacts container, String sha256)
            implements Happening {}

    /** Somebody looked at a recording. */
    record RecordingViewed(Subject who, String session, String host, String container) implements Happening {}

    /** Events that the controller did not get, because it was away for too long. They are in the log. */
    record Lost(long count) implements Happening {}
}
