package io.postern.cli.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.client.ControllerClient;
import io.postern.client.ControllerClient.Api;
import io.postern.client.Enroller;
import io.postern.client.IdentityFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the quickstart wants the controller to know; what exists already stays as it is. */
final class Network {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Home home;
    private final ControllerClient admin;

    Network(Home home, ControllerClient admin) {
        this.home = home;
        this.admin = admin;
    }

    /** An enrolled identity whose role attribute is its name. */
    IdentityFile identity(String name) throws IOException {
        Path file = home.file(name + ".json");
        Optional<JsonNode> known = admin.find(Api.MANAGEMENT, "/identities", name);
        if (known.isPresent() && Files.exists(file)) {
            return IdentityFile.read(file);
        }
        if (known.isPresent()) {
            // Its key is gone with its file: nobody can be this identity any more.
            admin.delete(Api.MANAGEMENT, "/identities/" + known.get().path("id").asText());
        }
        ObjectNode draft = JSON.createObjectNode();
        draft.put("name", name).put("type", "Default").put("isAdmin", false);
        draft.putArray("roleAttributes").add(name);
        draft.putObject("enrollment").put("ott", true);
        String id = admin.create(Api.MANAGEMENT, "/identities", draft);
        JsonNode made = admin.get(Api.MANAGEMENT, "/identities/" + id);
        IdentityFile identity = new Enroller()
                .enroll(made.path("enrollment").path("ott").path("jwt").asText());
        identity.write(file);
        return identity;
    }

    /** The enrollment token of a new edge router; a router of the same name that lost its files makes room. */
    String router(String name) throws IOException {
        Optional<JsonNode> known = admin.find(Api.MANAGEMENT, "/edge-routers", name);
        if (known.isPresent()) {
            admin.delete(
                    Api.MANAGEMENT, "/edge-routers/" + known.get().path("id").asText());
        }
        ObjectNode draft = JSON.createObjectNode();
        draft.put("name", name).put("isTunnelerEnabled", false);
        draft.putArray("roleAttributes").add(name);
        String id = admin.create(Api.MANAGEMENT, "/edge-routers", draft);
        return admin.get(Api.MANAGEMENT, "/edge-routers/" + id)
                .path("enrollmentJwt")
                .asText();
    }

    boolean knowsRouter(String name) throws IOException {
        return admin.find(Api.MANAGEMENT, "/edge-routers", name).isPresent();
    }

    /** The service, who may dial and host it, and which router each of them uses. */
    boolean policies() throws IOException {
        ObjectNode service = JSON.createObjectNode();
        service.put("encryptionRequired", true);
        service.putArray("roleAttributes").add(Demonstration.SERVICE);
        ensure("/services", Demonstration.SERVICE, service);
        servicePolicy("web-dial", "Dial", "#dialer");
        servicePolicy("web-bind", "Bind", "#host");
        routerPolicy("host-at-a", "#host", "#a");
        routerPolicy("dialer-at-b", "#dialer", "#b");
        ObjectNode everywhere = policy();
        roles(everywhere, "serviceRoles", "#all");
        roles(everywhere, "edgeRouterRoles", "#all");
        ensure("/service-edge-router-policies", "services-everywhere", everywhere);
        return true;
    }

    private void servicePolicy(String name, String type, String identities) throws IOException {
        ObjectNode policy = policy();
        policy.put("type", type);
        roles(policy, "serviceRoles", "#" + Demonstration.SERVICE);
        roles(policy, "identityRoles", identities);
        ensure("/service-policies", name, policy);
    }

    private void routerPolicy(String name, String identities, String routers) throws IOException {
        ObjectNode policy = policy();
        roles(policy, "identityRoles", identities);
        roles(policy, "edgeRouterRoles", routers);
        ensure("/edge-router-policies", name, policy);
    }

    private static ObjectNode policy() {
        return JSON.createObjectNode().put("semantic", "AnyOf");
    }

    private static void roles(ObjectNode policy, String field, String role) {
        List.of(role).forEach(policy.putArray(field)::add);
    }

    private void ensure(String path, String name, ObjectNode draft) throws IOException {
        if (admin.find(Api.MANAGEMENT, path, name).isEmpty()) {
            admin.create(Api.MANAGEMENT, path, draft.put("name", name));
        }
    }
}
