package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The response fields without which a stock client panics, aborts or loops (client sheet, section 7), under both prefixes. */
final class ContractCells {
    private final World world;
    private final Report report;
    private @Nullable Person person;
    private JsonNode authenticated = Rest.object();

    ContractCells(World world, Report report) {
        this.world = world;
        this.report = report;
    }

    void run(List<Client> clients) {
        if (clients.isEmpty()) {
            return;
        }
        report.cell("contract/authenticate", () -> {
            Person made = Person.enroll(world, world.identity("dial", "contract"));
            Rest.Answer answer = made.rest().certificate("");
            Rest.expect("authenticate", answer, 200);
            authenticated = answer.data();
            has(authenticated, "id", "token", "identity", "identityId", "expiresAt", "updatedAt", "expirationSeconds");
            array(authenticated, "authQueries");
            person = made;
            return "";
        });
        Person made = person;
        if (made == null) {
            return;
        }
        for (String prefix : List.of("", Rest.CLIENT)) {
            String name = prefix.isEmpty() ? "root" : "prefix";
            report.cell("contract/version-" + name, () -> version(made.rest(), prefix));
            report.cell("contract/services-" + name, () -> services(made.rest(), prefix));
            report.cell("contract/session-" + name, () -> session(made.rest(), prefix, clients.getFirst()));
            report.cell("contract/service-updates-" + name, () -> {
                has(made.rest().get(prefix + "/current-api-session/service-updates"), "lastChangeAt");
                return "";
            });
            for (String list : List.of("/controllers", "/current-identity/edge-routers")) {
                report.cell("contract" + list.replace("/current-identity", "") + "-" + name, () -> {
                    Rest.Answer answer = made.rest().call("GET", prefix + list, null);
                    Rest.expect(list, answer, 200);
                    if (!list.equals("/controllers")) {
                        paged(answer);
                    }
                    return answer.data().size() + " listed";
                });
            }
        }
    }

    private static String version(Rest rest, String prefix) {
        JsonNode version = rest.get(prefix + "/version");
        has(version, "version", "apiVersions");
        has(version.path("apiVersions"), "edge", "edge-client");
        if (!version.path("version").asText().matches("v\\d+\\.\\d+\\.\\d+.*")) {
            throw new Failed("version " + version.path("version").asText() + " is not of the form v2.x.y (quirk G1)");
        }
        return version.path("version").asText();
    }

    private static String services(Rest rest, String prefix) {
        Rest.Answer answer = rest.call("GET", prefix + "/services?limit=25&offset=0", null);
        Rest.expect("services", answer, 200);
        paged(answer);
        if (answer.data().isEmpty()) {
            throw new Failed("no services listed");
        }
        for (JsonNode service : answer.data()) {
            has(service, "id", "name", "encryptionRequired");
            array(service, "permissions");
            array(service, "postureQueries");
            if (!service.path("config").isObject()) {
                throw new Failed("config is no object: " + service);
            }
        }
        return answer.data().size() + " services";
    }

    private String session(Rest rest, String prefix, Client client) {
        String name = world.service(client.lane(), true);
        JsonNode service =
                rest.get(prefix + "/services?filter=name%3D%22" + name + "%22").path(0);
        ObjectNode draft =
                Rest.object().put("serviceId", service.path("id").asText()).put("type", "Dial");
        Rest.Answer answer = rest.call("POST", prefix + "/sessions", draft);
        Rest.expect("sessions", answer, 201);
        has(answer.data(), "id", "token", "type", "serviceId");
        array(answer.data(), "edgeRouters");
        if (answer.data().path("edgeRouters").isEmpty()) {
            throw new Failed("no edge routers in the session");
        }
        for (JsonNode router : answer.data().path("edgeRouters")) {
            has(router, "name", "hostname", "supportedProtocols", "urls");
            has(router.path("supportedProtocols"), "tls");
        }
        return answer.data().path("edgeRouters").size() + " routers";
    }

    private static void has(JsonNode node, String... fields) {
        for (String field : fields) {
            if (node.path(field).isMissingNode() || node.path(field).isNull()) {
                throw new Failed(field + " is missing in " + brief(node));
            }
        }
    }

    private static void array(JsonNode node, String field) {
        if (!node.path(field).isArray()) {
            throw new Failed(field + " is no array in " + brief(node));
        }
    }

    private static void paged(Rest.Answer answer) {
        JsonNode pagination = answer.body().path("meta").path("pagination");
        for (String field : List.of("limit", "offset", "totalCount")) {
            if (!pagination.path(field).isNumber()) {
                throw new Failed("meta.pagination." + field + " is no number in " + brief(answer.body()));
            }
        }
    }

    /** Names only: values may be secrets. */
    private static String brief(JsonNode node) {
        List<String> names = new java.util.ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names.toString();
    }
}
