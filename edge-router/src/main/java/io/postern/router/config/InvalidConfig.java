package io.postern.router.config;

/** A sentence for the operator that names the key and what it should be. */
public final class InvalidConfig extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidConfig(String text) {
        super(text, null, false, false);
    }
}
