package io.postern.pki;

/** Key, certificate, CSR or token that cannot be read or does not verify. The text names no secret. */
public final class PkiException extends RuntimeException {
    public PkiException(String message) {
        super(message);
    }

    public PkiException(String message, Throwable cause) {
        super(message, cause);
    }
}
