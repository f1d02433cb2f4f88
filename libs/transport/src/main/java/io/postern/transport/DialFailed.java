package io.postern.transport;

import org.jspecify.annotations.Nullable;

/** No Channel came about: no connection, no TLS, or no answer to the hello. Its text names address and step. */
public final class DialFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DialFailed(String text, @Nullable Throwable cause) {
        super(text, cause, false, false);
    }
}
