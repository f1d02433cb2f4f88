package io.postern.wsproxy.front;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Looks at every request before anything else, HTTP and WebSocket alike: the name it was sent to, the page it comes from, what
 * its address says, how often its sender comes.
 */
final class Guard {
    private static final String CALLER = "postern.caller";

    private final Names names;
    private final Origins origins;
    private final Networks trusted;
    private final RateLimit handshakes;
    private final RateLimit logins;

    Guard(FrontSettings settings) {
        names = new Names(settings.names());
        origins = new Origins(settings.origins());
        trusted = new Networks(settings.trustedProxies());
        handshakes = new RateLimit(settings.handshakes());
        logins = new RateLimit(settings.logins());
    }

    /** @throws Refused when the request goes no further */
    void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        Caller caller = Caller.of(request, trusted);
        context.put(CALLER, caller);
        int port = request.localAddress() == null ? -1 : request.localAddress().port();
        if (!names.admit(caller.host(), caller.scheme(), port)) {
            throw new Refused(
                    400, "HOST_NOT_KNOWN", "This server does not go by that name; see postern.ws-proxy.names.");
        }
        if (UrlSecrets.in(request.path(), context.queryParams().entries())) {
            throw new Refused(
                    400,
                    "TOKEN_IN_URL",
                    "Addresses are logged: send the token as Authorization: Bearer, or ask for a ticket.");
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !origins.admit(origin, caller.origin(), isTicketed(context))) {
            throw new Refused(403, "ORIGIN_NOT_ALLOWED", "Pages of this origin may not come in.");
        }
        if (isUpgrade(request)) {
            slow(handshakes, caller);
        }
    }

    /** One more login or ticket of this caller. */
    void login(RoutingContext context) {
        slow(logins, caller(context));
    }

    void ticket(RoutingContext context) {
        slow(handshakes, caller(context));
    }

    private static void slow(RateLimit limit, Caller caller) {
        if (!limit.take(caller.address(), System.nanoTime())) {
            throw new Refused(429, "TOO_MANY_REQUESTS", "Too many requests from this address; wait a moment.");
        }
    }

    static Caller caller(RoutingContext context) {
        return context.get(CALLER);
    }

    static boolean isUpgrade(HttpServerRequest request) {
        String upgrade = request.getHeader(HttpHeaders.UPGRADE);
        return upgrade != null && upgrade.equalsIgnoreCase("websocket");
    }

    /** A Zun client: it has no header for a ticket and prints some Origins wrong. */
    static boolean isTicketed(RoutingContext context) {
        return isUpgrade(context.request())
                && context.queryParams().contains("token")
                && context.queryParams().contains("uuid");
    }
}
