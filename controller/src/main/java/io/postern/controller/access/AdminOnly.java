package io.postern.controller.access;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/**
 * The management APIs are for administrators. It goes by the resource that answers, not by the text of the URL, so that no
 * way of writing a URL leads past it.
 */
public class AdminOnly {
    private static final List<String> MANAGEMENT = List.of("/edge/management/", "/fabric/");
    /** After the filter that says who the caller is. */
    public static final int PRIORITY = 2_000;

    private final Caller caller;

    AdminOnly(Caller caller) {
        this.caller = caller;
    }

    @ServerRequestFilter(priority = PRIORITY)
    public void check(SimpleResourceInfo resource) {
        if (isManagement(resource.getResourceClass()) && !(caller.isKnown() && caller.isAdmin())) {
            throw Refusal.of(ErrorCode.UNAUTHORIZED, "unauthenticated for invalid credentials");
        }
    }

    private static boolean isManagement(Class<?> resource) {
        Path path = resource.getAnnotation(Path.class);
        return path != null && MANAGEMENT.stream().anyMatch((path.value() + "/")::startsWith);
    }
}
