package io.postern.wsproxy.access;

/** A token or ticket is worth nothing, or the controller cannot be asked. The message never has the token in it. */
public final class AccessRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /** @param status 401, or 503 when the controller does not answer */
    public AccessRefused(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
