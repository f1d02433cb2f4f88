package io.postern.controller.testing;

import io.postern.controller.access.AdminOnly;
import io.postern.controller.access.Caller;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Stands for the authentication: the header {@code test-admin} makes an admin. */
public class TestCaller {
    private final Caller caller;

    TestCaller(Caller caller) {
        this.caller = caller;
    }

    @ServerRequestFilter(priority = AdminOnly.PRIORITY - 1)
    public void identify(ContainerRequestContext request) {
        if (request.getHeaderString("test-admin") != null) {
            caller.is("test-admin", "test-session", true);
        }
    }
}
