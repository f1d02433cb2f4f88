package io.postern.wire;

/** Why a router could not do its part of a circuit: header 1104 of a route result. Fabric sheet 1.6. */
public enum RouteError {
    GENERIC,
    INVALID_TERMINATOR,
    MISCONFIGURED_TERMINATOR,
    DIAL_TIMED_OUT,
    CONNECTION_REFUSED,
    REJECTED_BY_APPLICATION,
    DNS_RESOLUTION_FAILED,
    PORT_NOT_ALLOWED,
    INVALID_LINK_DESTINATION,
    RESOURCES_NOT_AVAILABLE;

    /** The place in this list is the number on the wire. */
    public int number() {
        return ordinal();
    }

    public static RouteError of(int number) {
        return number >= 0 && number < values().length ? values()[number] : GENERIC;
    }
}
