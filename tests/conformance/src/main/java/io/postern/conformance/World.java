package io.postern.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the lanes need in the model: per client a hosting and a dialing identity and two services, one encrypted and one
 * clear; hosts may use router A only, dialers router B only, so that every circuit crosses both.
 */
final class World {
    private final Network network;
    private final Path folder;
    private final String tag;
    private final Map<String, String> identities = new HashMap<>();

    World(Network network, Path folder) {
        this.network = network;
        this.folder = folder;
        this.tag = Long.toString(System.nanoTime() & 0xffffff, 36);
    }

    /** Policies first: the identities and services that come later are found by their role attributes. */
    void policies() {
        Rest admin = network.admin();
        for (String side : List.of("host", "dial")) {
            ObjectNode routers =
                    Rest.object().put("name", "lanes-" + side + "-" + tag).put("semantic", "AnyOf");
            routers.putArray("identityRoles").add("#" + side + "-" + tag);
            routers.putArray("edgeRouterRoles")
                    .add("@" + (side.equals("host") ? network.routerAId() : network.routerBId()));
            admin.create("edge-router-policies", routers);

            ObjectNode services =
                    Rest.object().put("name", "lanes-" + side + "-" + tag).put("semantic", "AnyOf");
            services.put("type", side.equals("host") ? "Bind" : "Dial");
            services.putArray("identityRoles").add("#" + side + "-" + tag);
            services.putArray("serviceRoles").add("#svc-" + tag);
            admin.create("service-policies", services);
        }
        ObjectNode everywhere = Rest.object().put("name", "lanes-" + tag).put("semantic", "AnyOf");
        everywhere.putArray("serviceRoles").add("#svc-" + tag);
        everywhere.putArray("edgeRouterRoles").add("#all");
        admin.create("service-edge-router-policies", everywhere);
    }

    void services(String lane) {
        for (boolean encrypted : new boolean[] {true, false}) {
            ObjectNode service =
                    Rest.object().put("name", service(lane, encrypted)).put("encryptionRequired", encrypted);
            service.putArray("roleAttributes").add("svc-" + tag);
            network.admin().create("services", service);
        }
    }

    String service(String lane, boolean encrypted) {
        return "lane-%s-%s-%s".formatted(lane, encrypted ? "enc" : "clr", tag);
    }

    /** Creates an identity of one side ({@code host}, {@code dial} or any role); its enrollment token as a file. */
    Path identity(String side, String lane) throws IOException {
        ObjectNode identity = Rest.object()
                .put("name", side + "-" + lane + "-" + tag)
                .put("type", "Default")
                .put("isAdmin", false);
        identity.putArray("roleAttributes").add(side + "-" + tag);
        identity.putObject("enrollment").put("ott", true);
        String id = network.admin().create("identities", identity);
        identities.put(side + "-" + lane, id);
        return tokenOf(id, side + "-" + lane);
    }

    /** The id of an identity made by {@link #identity}. */
    String identityId(String side, String lane) {
        return identities.getOrDefault(side + "-" + lane, "");
    }

    Path tokenOf(String identityId, String name) throws IOException {
        String token = network.admin()
                .get(Rest.MANAGEMENT + "/identities/" + identityId)
                .path("enrollment")
                .path("ott")
                .path("jwt")
                .asText();
        if (token.isEmpty()) {
            throw new Failed("identity " + name + " shows no enrollment token");
        }
        Path file = folder.resolve(name + ".jwt");
        Files.writeString(file, token);
        return file;
    }

    /** Where a client keeps the identity that it enrolled. */
    Path file(String side, Client client) {
        return folder.resolve(side + "-" + client.lane() + client.identitySuffix());
    }

    void enroll(String side, Client client) throws IOException, InterruptedException {
        Path token = identity(side, client.lane());
        client.once(
                "enroll",
                Duration.ofSeconds(60),
                "enroll",
                token.toString(),
                file(side, client).toString());
    }

    String tag() {
        return tag;
    }

    Network network() {
        return network;
    }

    Path folder() {
        return folder;
    }
}
