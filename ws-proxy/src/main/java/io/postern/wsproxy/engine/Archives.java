package io.postern.wsproxy.engine;

import java.util.List;

/** What engines mean when they refuse an archive: a 404 is the path's or the container's, a 500 may be the path's, too. */
final class Archives {
    /** What the 500 of a path that is a file says: Podman, then Docker before its release 23. */
    private static final List<String> NO_FOLDER =
            List.of("exists but is not a directory", "extraction point is not a directory");

    private Archives() {}

    static EngineRefusal refusal(HostName host, int status, String words) {
        EngineRefusal plain = Refusals.of(host, status, words);
        boolean path = status == 404 && !words.contains("No such container: ")
                || status == 403
                || status == 500 && NO_FOLDER.stream().anyMatch(words::contains);
        return path ? new EngineRefusal(EngineRefusal.Code.BAD_REQUEST, plain.getMessage()) : plain;
    }
}
