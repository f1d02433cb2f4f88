package io.postern.controller.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.controller.testing.Admin;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import jakarta.inject.Singleton;
import java.util.List;

/** A container host, a proxy that may dial it, and users. Made through the API where a change must be told. */
@Singleton
class ConsoleWorld {
    static final String RIGHTS = "/edge/client/v1/console-rights";
    private static final String AUTHENTICATE = "/edge/client/v1/authenticate?method=cert";

    private final Network network;

    ConsoleWorld(Network network) {
        this.network = network;
    }

    /** An identity that is logged in. */
    record User(String id, String name, String apiSessionId, Http http) {}

    /** A service with a config of grants. */
    record Host(String service, String name, String config) {}

    User user(String... roles) {
        var enrolled = network.enrolled(network.identity(roles));
        var login = enrolled.http().post(AUTHENTICATE, "{}");
        enrolled.http().session(login.header("zt-session"));
        return new User(
                enrolled.id(),
                "identity-" + enrolled.id(),
                login.data().path("id").asText(),
                enrolled.http());
    }

    Host host(String name, String grants) {
        String config = Admin.create("configs", config(name, grants));
        network.remember("config", config);
        String service = Admin.create(
                "services",
                "{\"name\":\"" + name + "\",\"encryptionRequired\":true,\"configs\":[\"" + config
                        + "\"],\"roleAttributes\":[\"" + name + "\"]}");
        network.remember("service", service);
        return new Host(service, name, config);
    }

    static String config(String name, String grants) {
        return "{\"name\":\"" + name + "\",\"configTypeId\":\"containers.v1\",\"data\":{\"grants\":" + grants + "}}";
    }

    /** An identity that may dial the host. */
    User proxy(Host host) {
        User proxy = user();
        dial(proxy, host);
        return proxy;
    }

    /** @return the policy */
    String dial(User proxy, Host host) {
        String policy = Admin.create(
                "service-policies",
                "{\"name\":\"dial-" + java.util.UUID.randomUUID()
                        + "\",\"type\":\"Dial\",\"semantic\":\"AnyOf\",\"identityRoles\":[\"@" + proxy.id()
                        + "\"],\"serviceRoles\":[\"@" + host.service() + "\"]}");
        network.remember("service_policy", policy);
        return policy;
    }

    Http.Answer ask(User proxy, User... users) {
        return proxy.http().post(RIGHTS, question(false, users));
    }

    static String question(boolean use, User... users) {
        return "{\"use\":" + use + ",\"apiSessions\":["
                + String.join(
                        ",",
                        List.of(users).stream()
                                .map(user -> "\"" + user.apiSessionId() + "\"")
                                .toList())
                + "]}";
    }

    /** The grants of one user on one host. */
    JsonNode grants(User proxy, User user, Host host) {
        for (JsonNode session : ask(proxy, user).data().path("sessions")) {
            for (JsonNode each : session.path("hosts")) {
                if (each.path("name").asText().equals(host.name())) {
                    return each.path("grants");
                }
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
