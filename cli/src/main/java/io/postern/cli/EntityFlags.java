package io.postern.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.login.Secret;
import io.postern.client.ControllerClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags that create and update share, and the document they make. Flags win over the document of {@code -f}. */
final class EntityFlags {
    /** How many of its roles an entity has to have; the names are the API's. A word that is neither must not let more in. */
    enum Semantic {
        AnyOf,
        AllOf
    }

    @Option(
            names = {"-f", "--file"},
            description = "JSON or YAML document of the entity; - reads standard input.")
    @Nullable
    String file;

    @Option(names = "--set", paramLabel = "FIELD=VALUE", description = "Any other field; VALUE is JSON or a text.")
    Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = {"-r", "--role"},
            split = ",",
            description = "Role attribute of an identity, edge router or service; repeatable, or with commas.")
    @Nullable
    List<String> roles;

    @Option(
            names = "--identity-roles",
            split = ",",
            description = "Roles of a policy: #attribute, #all, @name or @id; @id where a name has a comma.")
    @Nullable
    List<String> identityRoles;

    @Option(names = "--service-roles", split = ",", description = "Likewise, of services.")
    @Nullable
    List<String> serviceRoles;

    @Option(names = "--edge-router-roles", split = ",", description = "Likewise, of edge routers.")
    @Nullable
    List<String> edgeRouterRoles;

    @Option(names = "--semantic", description = "AnyOf (default) or AllOf of a policy's roles.")
    @Nullable
    Semantic semantic;

    @Option(names = "--type", description = "Dial or Bind of a service policy; type of a config or identity.")
    @Nullable
    String type;

    @Option(names = "--encryption", negatable = true, description = "Does a service require end-to-end encryption?")
    @Nullable
    Boolean encryption;

    @Option(names = "--config", description = "Config of a service, by name or id; repeatable.")
    @Nullable
    List<String> configs;

    @Option(names = "--data", description = "Data of a config, JSON.")
    @Nullable
    String data;

    @Option(names = "--admin", description = "May an identity administer the network?")
    boolean admin;

    @Option(names = "--tunneler", description = "May an edge router host and dial on its own?")
    boolean tunneler;

    @Option(names = "--identity", description = "Identity of an enrollment or authenticator, by name or id.")
    @Nullable
    String identity;

    @Option(names = "--service", description = "Service of a terminator, by name or id.")
    @Nullable
    String service;

    @Option(names = "--router", description = "Edge router of a terminator, by name or id.")
    @Nullable
    String router;

    @Mixin
    Secret secret;

    @Spec(Spec.Target.MIXEE)
    CommandSpec mixee;

    /** Refuses what is wrong before anything is asked. */
    void check(Kind kind) {
        FlagsOfKinds.check(mixee.commandLine().getParseResult(), kind);
        if (type != null && type.isBlank()) {
            throw new Failure(Failure.USAGE, "--type is empty.");
        }
        if (set.containsKey("password") || set.containsKey("currentPassword")) {
            throw Secret.shown();
        }
        secret.isGiven();
    }

    /** Only what was given. */
    ObjectNode given(Kind kind, ControllerClient client) throws IOException {
        ObjectNode body = file == null ? Json.MAPPER.createObjectNode() : Json.document(file);
        texts(body, "roleAttributes", roles);
        texts(body, "identityRoles", resolved(client, Kind.IDENTITY, identityRoles));
        texts(body, "serviceRoles", resolved(client, Kind.SERVICE, serviceRoles));
        texts(body, "edgeRouterRoles", resolved(client, Kind.EDGE_ROUTER, edgeRouterRoles));
        if (semantic != null) {
            body.put("semantic", semantic.name());
        }
        if (encryption != null) {
            body.put("encryptionRequired", encryption);
        }
        if (configs != null) {
            List<String> ids = new ArrayList<>();
            for (String config : configs) {
                ids.add(Entities.id(client, Kind.CONFIG, config));
            }
            texts(body, "configs", ids);
        }
        if (data != null) {
            body.set("data", Json.object("--data", data));
        }
        if (admin) {
            body.put("isAdmin", true);
        }
        if (tunneler) {
            body.put("isTunnelerEnabled", true);
        }
        type(body, kind, client);
        references(body, client);
        if (secret.isGiven()) {
            body.put("password", secret.read("the authenticator"));
        }
        set.forEach((field, value) -> body.set(field, Json.value(value)));
        return body;
    }

    private void type(ObjectNode body, Kind kind, ControllerClient client) throws IOException {
        if (type == null) {
            return;
        }
        if (kind == Kind.CONFIG) {
            body.put("configTypeId", Entities.id(client, Kind.CONFIG_TYPE, type));
        } else {
            body.put(
                    "type",
                    Character.toUpperCase(type.charAt(0)) + type.substring(1).toLowerCase(Locale.ROOT));
        }
    }

    private void references(ObjectNode body, ControllerClient client) throws IOException {
        if (identity != null) {
            body.put("identityId", Entities.id(client, Kind.IDENTITY, identity));
        }
        if (service != null) {
            body.put("service", Entities.id(client, Kind.SERVICE, service));
        }
        if (router != null) {
            body.put("router", Entities.id(client, Kind.EDGE_ROUTER, router));
        }
    }

    private static void texts(ObjectNode body, String field, @Nullable List<String> values) {
        if (values != null) {
            ArrayNode array = body.putArray(field);
            values.forEach(array::add);
        }
    }

    /** The API wants ids behind an at sign, people write names. */
    private static @Nullable List<String> resolved(ControllerClient client, Kind kind, @Nullable List<String> roles)
            throws IOException {
        if (roles == null) {
            return null;
        }
        List<String> all = new ArrayList<>();
        for (String role : roles) {
            all.add(role.startsWith("@") ? "@" + Entities.id(client, kind, role.substring(1)) : role);
        }
        return all;
    }
}
