package io.postern.router.circuit;

/** Why a Route failed, as told to the controller in header 1104. The number is the ordinal. Fabric sheet 1.6. */
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

    public int code() {
        return ordinal();
    }
}
