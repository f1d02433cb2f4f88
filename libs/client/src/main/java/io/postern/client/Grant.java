package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.transport.Address;
import java.util.ArrayList;
import java.util.List;

/**
 * A Session: the right to dial or bind one service, and the edge routers to do it at.
 *
 * @param token goes into Connect and Bind; never printed
 */
record Grant(String id, String token, List<Router> routers) {
    /** An edge router as a Session names it. */
    record Router(String name, Address address) {}

    Grant {
        routers = List.copyOf(routers);
    }

    static Grant of(JsonNode session) {
        return new Grant(session.path("id").asText(), session.path("token").asText(), routers(session));
    }

    private static List<Router> routers(JsonNode session) {
        List<Router> routers = new ArrayList<>();
        for (JsonNode router : session.path("edgeRouters")) {
            String address = router.path("supportedProtocols")
                    .path("tls")
                    .asText(router.path("urls").path("tls").asText());
            try {
                routers.add(new Router(router.path("name").asText(), Address.parse(address)));
            } catch (IllegalArgumentException e) {
                // A router without an address of a kind that we speak is of no use, as for stock clients.
            }
        }
        return routers;
    }

    @Override
    public String toString() {
        return "Grant[" + id + ", token=***]";
    }
}
