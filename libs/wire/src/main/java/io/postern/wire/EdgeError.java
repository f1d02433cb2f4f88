package io.postern.wire;

/** Why a session, dial or bind was refused: header 1014 and the code of a {@link StructuredError}. SDK sheet 5.2. */
public enum EdgeError {
    INTERNAL(1),
    INVALID_API_SESSION(2),
    INVALID_SESSION(3),
    WRONG_SESSION_TYPE(4),
    INVALID_EDGE_ROUTER_FOR_SESSION(5),
    INVALID_SERVICE(6),
    TUNNELING_NOT_ENABLED(7),
    INVALID_TERMINATOR(8),
    INVALID_PRECEDENCE(9),
    INVALID_COST(10),
    ENCRYPTION_DATA_MISSING(11),
    INVALID_API_SESSION_TYPE(12),
    INVALID_INSTANCE_ID(13),
    ACCESS_DENIED(14),
    POSTURE_CHECK_FAILED(15);

    private final int number;

    EdgeError(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** A number nobody has given a meaning reads as {@code INTERNAL}. */
    public static EdgeError of(int number) {
        return number >= 1 && number <= values().length ? values()[number - 1] : INTERNAL;
    }
}
