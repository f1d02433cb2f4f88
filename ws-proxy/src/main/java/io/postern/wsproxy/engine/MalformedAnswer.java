package io.postern.wsproxy.engine;

/** An engine's bytes are not what its protocol says; the connection is of no more use. */
final class MalformedAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedAnswer(String message) {
        super("the engine's answer cannot be read: " + message, null, false, false);
    }
}
