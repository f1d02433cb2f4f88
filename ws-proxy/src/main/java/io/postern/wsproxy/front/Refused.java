package io.postern.wsproxy.front;

import io.postern.wsproxy.access.AccessRefused;
import io.postern.wsproxy.engine.EngineRefusal;
import java.util.concurrent.CompletionException;

/** A request is answered with no. The message is for the client: what, which, what to do; never a token or ticket. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    public Refused(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    /** A word for programs, such as {@code CONTAINER_NOT_RUNNING}. */
    public String code() {
        return code;
    }

    public static Refused badRequest(String message) {
        return new Refused(400, "BAD_REQUEST", message);
    }

    static Refused unauthorized(String message) {
        return new Refused(401, "UNAUTHORIZED", message);
    }

    static Refused forbidden(String message) {
        return new Refused(403, "FORBIDDEN", message);
    }

    /** What went wrong, as an answer; an unforeseen failure is told as nothing but that. */
    public static Refused of(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case Refused refused -> refused;
            case AccessRefused access ->
                new Refused(
                        access.status(),
                        access.status() == 503 ? "CONTROLLER_UNREACHABLE" : "UNAUTHORIZED",
                        access.getMessage());
            case EngineRefusal engine ->
                new Refused(engine.code().status(), engine.code().name(), engine.getMessage());
            default -> new Refused(500, "UNEXPECTED", "Something went wrong here; the proxy's log says what.");
        };
    }

    /** Was it foreseen? What was not is logged where it happened. */
    boolean isForeseen() {
        return status != 500;
    }
}
