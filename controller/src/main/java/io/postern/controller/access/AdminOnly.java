package io.postern.controller.access;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** The management API is for admins. The few paths that come before authentication are named here. */
public class AdminOnly {
    private static final String MANAGEMENT = "/edge/management/v1/";
    /** After the filter that says who the caller is. */
    public static final int PRIORITY = 2_000;

    private final Caller caller;

    AdminOnly(Caller caller) {
        this.caller = caller;
    }

    @ServerRequestFilter(priority = PRIORITY)
    public void check(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        if (!path.startsWith(MANAGEMENT) || isOpen(path.substring(MANAGEMENT.length()))) {
            return;
        }
        if (!caller.isKnown() || (!caller.isAdmin() && !isOwn(path.substring(MANAGEMENT.length())))) {
            throw Refusal.of(ErrorCode.UNAUTHORIZED, "unauthenticated for invalid credentials");
        }
    }

    private static boolean isOpen(String resource) {
        return resource.equals("version")
                || resource.equals("authenticate")
                || resource.startsWith("authenticate/")
                || resource.startsWith(".well-known/")
                || resource.equals("external-jwt-signers")
                || resource.equals("network-jwts");
    }

    /** What everyone may do with their own session and identity. */
    private static boolean isOwn(String resource) {
        return resource.startsWith("current-");
    }
}
