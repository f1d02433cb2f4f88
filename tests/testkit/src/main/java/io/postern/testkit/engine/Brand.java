package io.postern.testkit.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What starting and ending an engine takes that others do otherwise. All of it is below the engine's folder but what {@link #forget} knows. */
interface Brand {
    /** Which Debian packages are missing; empty when none is. */
    Optional<String> missing();

    /** The daemon's command line; files that it needs are written into the folder. */
    List<String> command(Path folder, Path socket) throws IOException;

    /** Variables of the daemon, beside ours. */
    default Map<String, String> environment(Path folder) {
        return Map.of();
    }

    /** Before an orderly end: ends containers that do not end with the daemon. @param docker runs Docker's command line */
    default void endContainers(Function<List<String>, String> docker) {}

    /** After the daemon and all its processes were killed: makes the next start find that its containers ended. */
    default void forgetRunning(Path folder) throws IOException {}

    /** After the last end: takes away what is kept outside of the folder. */
    default void forget(Path folder) throws IOException {}
}
