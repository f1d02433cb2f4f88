package io.postern.controller.front;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/**
 * Gives every path its one form. The client API answers without its prefix too, and under {@code /edge/v1}; doubled slashes count as one (SDK sheet 0 row
 * 3 and 2.1).
 */
@Singleton
public class Prefixes {
    static final String CLIENT = "/edge/client/v1";
    private static final String MANAGEMENT = "/edge/management/v1";
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final String ALIAS = "/edge/v1";
    private static final int EARLY = 900;
    /** Clients ask for the version anew when it changes. */
    private static final String INSTANCE = UUID.randomUUID().toString();

    private static final String SERVER = "postern-controller/" + Self.VERSION;
    private static final String DONE = "postern.path";
    /** Resources that the management API has in common with the client API, and that one class serves. */
    private static final List<String> SHARED = List.of(
            "/version", "/authenticate", "/current-api-session", "/current-identity", "/.well-known", "/network-jwts");

    private static final List<String> OWN = List.of(CLIENT, "/fabric/v1", "/oidc", "/q", "/health-checks/v1");

    void register(@Observes Filters filters) {
        filters.register(Prefixes::route, EARLY);
    }

    private static void route(RoutingContext context) {
        String asked = context.request().path();
        String path = context.get(DONE) == null ? canonical(asked == null ? "/" : asked) : asked;
        if (path == null || path.equals(asked)) {
            // rerouting clears the headers, so they are put when the path is right
            context.response().putHeader("ziti-instance-id", INSTANCE).putHeader("server", SERVER);
            context.next();
            return;
        }
        context.put(DONE, true);
        String query = context.request().query();
        context.reroute(query == null ? path : path + "?" + query);
    }

    static String canonical(String asked) {
        String path = asked.contains("//") ? asked.replaceAll("/{2,}", "/") : asked;
        if (isUnder(MANAGEMENT, path)) {
            String resource = path.substring(MANAGEMENT.length());
            return SHARED.stream().anyMatch(shared -> isUnder(shared, resource)) ? CLIENT + resource : path;
        }
        for (String own : OWN) {
            if (isUnder(own, path)) {
                return path;
            }
        }
        if (path.equals("/")) {
            return CLIENT + "/version";
        }
        if (path.equals(DISCOVERY)) {
            return "/oidc" + path;
        }
        return CLIENT + (isUnder(ALIAS, path) ? path.substring(ALIAS.length()) : path);
    }

    private static boolean isUnder(String prefix, String path) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
}
