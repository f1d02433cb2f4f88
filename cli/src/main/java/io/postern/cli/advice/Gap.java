package io.postern.cli.advice;

/**
 * Something that is missing.
 *
 * @param what in a sentence
 * @param mend a command that mends it, or what to do
 */
record Gap(Kind kind, String what, String mend) {
    /** In the order in which a dial meets them. */
    enum Kind {
        IDENTITY_DISABLED,
        NO_DIAL_POLICY,
        NO_EDGE_ROUTER_POLICY,
        NO_SERVICE_EDGE_ROUTER_POLICY,
        NO_COMMON_ROUTER,
        NO_COMMON_ROUTER_ONLINE,
        NOT_HOSTED,
        HOSTS_OFFLINE
    }
}
