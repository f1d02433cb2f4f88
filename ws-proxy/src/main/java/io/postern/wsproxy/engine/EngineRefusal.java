package io.postern.wsproxy.engine;

/** A host or its engine says no, or does not answer. The message is fit for the client: what, which, what to do. */
public final class EngineRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why; each is one HTTP status at the front. */
    public enum Code {
        HOST_UNKNOWN(404),
        HOST_UNREACHABLE(503),
        CONTAINER_UNKNOWN(404),
        CONTAINER_AMBIGUOUS(409),
        CONTAINER_NOT_RUNNING(409),
        CONTAINER_PAUSED(409),
        CONTAINER_WITHOUT_INPUT(400),
        BAD_REQUEST(400),
        LIMIT(429),
        DRAINING(503),
        /** No console may be without a recording there, and none can be made. */
        RECORDING_FAILED(503),
        TIMEOUT(504),
        ENGINE_FAILED(502);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    private final Code code;

    public EngineRefusal(Code code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
