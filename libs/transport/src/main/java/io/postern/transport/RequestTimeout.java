package io.postern.transport;

/** No reply came in time; the Channel is still open. */
public final class RequestTimeout extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RequestTimeout(String text) {
        super(text, null, false, false);
    }
}
