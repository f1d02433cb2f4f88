package io.postern.wsproxy.controller;

/** The controller does not answer, or says no. The message has no secret in it. */
public final class ControllerTrouble extends Exception {
    private static final long serialVersionUID = 1;

    /** What kind of trouble. */
    public enum Kind {
        /** No address answers, or not in time. */
        AWAY,
        /** This proxy may dial no container host, or not even log in, so it may not ask. */
        FORBIDDEN,
        /** What was asked for is not there. */
        NOT_FOUND,
        /** Too much at once. */
        BUSY,
        /** It refuses what was sent. */
        REFUSED
    }

    private final Kind kind;

    public ControllerTrouble(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
