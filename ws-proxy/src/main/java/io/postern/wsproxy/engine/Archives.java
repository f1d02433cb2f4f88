package io.postern.wsproxy.engine;

/** What engines mean when they refuse an archive: a 404 is the path's or the container's, Podman's 500 may be the path's, too. */
final class Archives {
    private Archives() {}

    static EngineRefusal refusal(HostName host, int status, String words) {
        EngineRefusal plain = Refusals.of(host, status, words);
        boolean path = status == 404 && !words.contains("No such container: ")
                || status == 403
                || status == 500 && words.contains("exists but is not a directory");
        return path ? new EngineRefusal(EngineRefusal.Code.BAD_REQUEST, plain.getMessage()) : plain;
    }
}
