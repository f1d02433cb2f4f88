package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.wire.Frame;
import io.postern.wire.Header;
import java.io.IOException;

/** A dial or bind that did not come about: who refused, why, and whether another try can help. SDK sheet 5.2, 5.4. */
public final class DialRefused extends IOException {
    /** No code was given. */
    public static final int NO_CODE = 0;

    /** The API Session is not known, or no more. */
    public static final int INVALID_API_SESSION = 2;
    /** The Session is not known, or no more; a new one cures it. */
    public static final int INVALID_SESSION = 3;
    /** No policy lets this identity do it. */
    public static final int ACCESS_DENIED = 14;

    /** A hint: another try cannot help. */
    static final int NOT_RETRIABLE = 3;

    /** Where it ended. */
    public enum Hop {
        /** The controller gave no session: the service is unknown or not permitted, or no edge router may be used. */
        CONTROLLER,
        /** No edge router could be reached or took this client. */
        EDGE_ROUTER,
        /** The edge router answered for the network behind it: policy, terminators, routers, host. */
        NETWORK,
        /** What the other end sent cannot be accepted here. */
        PEER
    }

    private final Hop hop;
    private final String router;
    private final int code;
    private final int retryHint;

    DialRefused(Hop hop, String router, String text, int code, int retryHint, Throwable cause) {
        super(text, cause);
        this.hop = hop;
        this.router = router;
        this.code = code;
        this.retryHint = retryHint;
    }

    DialRefused(Hop hop, String router, String text) {
        this(hop, router, text, NO_CODE, 0, null);
    }

    /** Reads a StateClosed. */
    static DialRefused of(String router, String service, Frame closed) {
        String text = closed.bodyText();
        int code = closed.i32(Header.ERROR_CODE, NO_CODE);
        int hint = 0;
        byte[] structured = closed.bytes(Header.STRUCTURED_ERROR);
        if (structured != null) {
            try {
                JsonNode error = Http.JSON.readTree(structured);
                code = error.path("code").asInt(code);
                hint = error.path("retryHint").asInt(0);
                text = text.isEmpty() ? error.path("message").asText() : text;
                String cause = error.path("cause").asText("");
                text = cause.isEmpty() || text.contains(cause) ? text : text + " (" + cause + ")";
            } catch (IOException e) {
                // The text of the body has to do.
            }
        }
        String why = text.isEmpty() ? "no reason given" : text;
        return new DialRefused(
                Hop.NETWORK,
                router,
                "edge router " + router + " refused service " + service + ": " + why,
                code,
                hint,
                null);
    }

    public Hop hop() {
        return hop;
    }

    /** Name of the edge router that spoke; empty where it was none. */
    public String router() {
        return router;
    }

    /** One of the wire's error codes, such as {@link #ACCESS_DENIED}; {@link #NO_CODE} where none came. */
    public int code() {
        return code;
    }

    /** Is it the session, which a new one would cure? */
    boolean staleSession() {
        return code == INVALID_API_SESSION
                || code == INVALID_SESSION
                || getMessage().contains("Invalid Session");
    }

    boolean forGood() {
        return retryHint == NOT_RETRIABLE;
    }
}
