package io.postern.transport;

/** Why a Channel ended. */
public record CloseCause(Kind kind, String text) {
    public enum Kind {
        /** We closed it. */
        LOCAL,
        /** The peer closed it. */
        PEER,
        /** The peer sent bytes that are no frame, or a frame that is no message. */
        MALFORMED,
        /** Heartbeats stayed unanswered. */
        UNRESPONSIVE,
        /** Nothing was received for the idle time. */
        IDLE,
        /** The peer reads slower than its queue allows. */
        OVERFLOW,
        /** The network or we ourselves failed. */
        FAILED
    }

    @Override
    public String toString() {
        return kind + " (" + text + ")";
    }
}
