package io.postern.wsproxy.hub;

import io.postern.wsproxy.engine.ContainerFacts;
import java.util.List;
import java.util.Optional;

/** What a client wants of a container. Rights were decided before. */
public sealed interface Wish {
    /**
     * The main process. All attached share one engine stream.
     *
     * @param observer sees only; its input and sizes are dropped
     */
    record Attach(ContainerFacts container, boolean observer, Optional<Size> size) implements Wish {}

    /** A command of its own. */
    record Exec(
            ContainerFacts container,
            List<String> command,
            boolean tty,
            boolean stdin,
            Optional<String> user,
            Optional<String> workingDirectory,
            List<String> environment,
            Optional<Size> size)
            implements Wish {}

    /**
     * A session that lives: its owner after a lost connection, or an observer.
     *
     * @param from number of the first output byte wanted; empty for the scrollback that there is
     */
    record Join(SessionId session, boolean observer, Optional<Long> from) implements Wish {}
}
