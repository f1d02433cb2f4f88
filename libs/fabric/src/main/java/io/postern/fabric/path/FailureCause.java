package io.postern.fabric.path;

/** Why a circuit could not be made; the words of events, logs and metrics. Source: fabric sheet 4.3. */
public enum FailureCause {
    NO_TERMINATORS,
    NO_ONLINE_TERMINATORS,
    NO_PATH,
    PATH_MISSING_LINK,
    INVALID_SERVICE,
    INVALID_STRATEGY,
    STRATEGY_ERR,
    ID_GENERATION_ERR,
    ACCESS_DENIED,
    INVALID_SESSION,
    ROUTER_RESPONSE_TIMEOUT,
    ROUTER_ERR_GENERIC,
    ROUTER_ERR_INVALID_TERMINATOR,
    ROUTER_ERR_MISCONFIGURED_TERMINATOR,
    ROUTER_ERR_DIAL_TIMED_OUT,
    ROUTER_ERR_CONN_REFUSED,
    ROUTER_ERR_REJECTED_BY_APPLICATION,
    ROUTER_ERR_DNS_RESOLUTION_FAILED,
    ROUTER_ERR_PORT_NOT_ALLOWED,
    ROUTER_ERR_INVALID_LINK_DESTINATION,
    ROUTER_ERR_RESOURCES_NOT_AVAILABLE;

    /** By the code byte of a failed RouteResult; unknown codes are generic. */
    public static FailureCause ofRouteResult(int code) {
        return code >= 0 && code <= 9 ? values()[ROUTER_ERR_GENERIC.ordinal() + code] : ROUTER_ERR_GENERIC;
    }
}
