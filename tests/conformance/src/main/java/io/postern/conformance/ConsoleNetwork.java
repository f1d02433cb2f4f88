package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.testkit.engine.TestEngine;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A real container engine whose unix socket router A hosts, which listens nowhere; ws-proxy, which may dial it through router
 * B; and users who may nothing but what is granted.
 */
public final class ConsoleNetwork implements AutoCloseable {
    static final String HOST = "engine-2";
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String HOST_V1 = "NH5p4FpGR";

    private final PosternNetwork network;
    private final TestEngine engine;
    private final Path work;
    private final Path logs;
    private final Path identity;
    private final int port = PosternNetwork.freePort();
    private final URI address = URI.create("https://localhost:" + port);
    private final List<ConsoleUser> users = new ArrayList<>();
    private final String grants;
    private final String dialPolicy;
    private final ProxyFiles files;
    private @Nullable Proc proxy;

    private ConsoleNetwork(PosternNetwork network, TestEngine engine, Path work, Path logs)
            throws IOException, InterruptedException {
        this.network = network;
        this.engine = engine;
        this.work = work;
        this.logs = logs;
        this.files = new ProxyFiles(work);
        String socket = config(
                "engine-socket",
                HOST_V1,
                Rest.object()
                        .put("protocol", "tcp")
                        .put("address", "unix:" + engine.socket())
                        .put("port", 1));
        ObjectNode none = Rest.object();
        none.putArray("grants");
        this.grants = config("engine-grants", "containers.v1", none);
        ObjectNode service = Rest.object().put("name", HOST).put("encryptionRequired", true);
        service.putArray("roleAttributes").add("engines");
        service.putArray("configs").add(socket).add(grants);
        network.admin().create("services", service);
        policy("service-policies", "engines-bind", "identityRoles", "@" + network.routerAId(), "serviceRoles", "Bind");
        this.dialPolicy =
                policy("service-policies", "engines-dial", "identityRoles", "#proxies", "serviceRoles", "Dial");
        policy("service-edge-router-policies", "engines", "serviceRoles", "#engines", "edgeRouterRoles", "");
        ObjectNode viaB = Rest.object().put("name", "proxies").put("semantic", "AnyOf");
        viaB.putArray("identityRoles").add("#proxies");
        viaB.putArray("edgeRouterRoles").add("@" + network.routerBId());
        network.admin().create("edge-router-policies", viaB);
        this.identity = files.enroll(network.admin(), network.root(), logs, "ws-proxy", "proxies");
        certify();
    }

    /** In a network whose router A hosts and listens nowhere. Starts everything, and ends it again when that fails. */
    public static ConsoleNetwork start(PosternNetwork network, Path work, Path logs)
            throws IOException, InterruptedException {
        TestEngine engine = TestEngine.start();
        try {
            ConsoleNetwork console = new ConsoleNetwork(network, engine, work, logs);
            console.startProxy();
            return console;
        } catch (RuntimeException | IOException | InterruptedException e) {
            engine.close();
            throw e;
        }
    }

    private String config(String name, String type, ObjectNode data) {
        ObjectNode config = Rest.object().put("name", name).put("configTypeId", type);
        config.set("data", data);
        return network.admin().create("configs", config);
    }

    private String policy(String kind, String name, String field, String role, String other, String type) {
        ObjectNode policy = Rest.object().put("name", name).put("semantic", "AnyOf");
        if (!type.isEmpty()) {
            policy.put("type", type);
        }
        policy.putArray(field).add(role);
        policy.putArray(other).add(other.equals("serviceRoles") ? "#engines" : "#all");
        return network.admin().create(kind, policy);
    }

    /** A new certificate for the proxy, in the files where it looks for one. @return its serial number */
    BigInteger certify() throws IOException {
        return files.certify();
    }

    void startProxy() throws IOException, InterruptedException {
        Proc started = network.java(
                "ws-proxy",
                "ws-proxy",
                Map.of(
                        "POSTERN_WS_PROXY_IDENTITY", identity.toString(),
                        "POSTERN_WS_PROXY_PORT", Integer.toString(port),
                        "POSTERN_WS_PROXY_TLS_CERTIFICATE",
                                work.resolve("server.pem").toString(),
                        "POSTERN_WS_PROXY_TLS_KEY", work.resolve("server.key").toString(),
                        "POSTERN_WS_PROXY_TLS_CHECK", "200ms",
                        // all users of the lane come from one address
                        "POSTERN_WS_PROXY_LIMITS_LOGIN_BURST", "1000",
                        "POSTERN_RECORDING_FOLDER", recordings().toString()),
                List.of());
        proxy = started;
        Rest plain = new Rest(address, null);
        network.await(
                "ws-proxy is ready",
                started,
                () -> plain.call("GET", "/q/health/ready", null).status() == 200);
    }

    /** A name that nobody has yet: a cell's second try finds the user of the first. */
    String freshName(String stem) {
        return stem + "-" + (users.size() + 1);
    }

    /** A user whose name begins so, logged in. */
    ConsoleUser user(String stem, String... roles) {
        return userOfName(freshName(stem), roles);
    }

    ConsoleUser userOfName(String name, String... roles) {
        String password = UUID.randomUUID().toString();
        ObjectNode draft =
                Rest.object().put("name", name).put("type", "Default").put("isAdmin", false);
        for (String role : roles) {
            draft.withArray("roleAttributes").add(role);
        }
        String id = network.admin().create("identities", draft);
        network.admin()
                .create(
                        "authenticators",
                        Rest.object()
                                .put("method", "updb")
                                .put("identityId", id)
                                .put("username", name)
                                .put("password", password));
        ConsoleUser user = new ConsoleUser(address, id, name, password);
        users.add(user);
        return user.login();
    }

    /** Replaces all grants: identity role, then the actions with commas. */
    void grant(String... roleAndActions) {
        grant(Rest.object(), roleAndActions);
    }

    /** The same, and every console is recorded. */
    void grantRecorded(String... roleAndActions) {
        ObjectNode data = Rest.object();
        data.putObject("recording").put("mode", "required");
        grant(data, roleAndActions);
    }

    private void grant(ObjectNode data, String... roleAndActions) {
        var list = data.putArray("grants");
        for (int i = 0; i < roleAndActions.length; i += 2) {
            ObjectNode grant = list.addObject();
            grant.putArray("identityRoles").add(roleAndActions[i]);
            for (String action : roleAndActions[i + 1].split(",")) {
                grant.withArray("actions").add(action);
            }
        }
        ObjectNode patch = Rest.object();
        patch.set("data", data);
        admin("PATCH", "configs/" + grants, patch);
    }

    void admin(String method, String path, @Nullable JsonNode body) {
        Rest.Answer answer = network.admin().call(method, Rest.MANAGEMENT + "/" + path, body);
        if (answer.status() / 100 != 2) {
            Rest.expect(method + " " + path, answer, 200);
        }
    }

    /** The policy that lets the proxy dial the host. */
    void proxyMayDial(boolean may) {
        ObjectNode patch = Rest.object();
        patch.putArray("identityRoles").add(may ? "#proxies" : "#nobody");
        admin("PATCH", "service-policies/" + dialPolicy, patch);
    }

    PosternNetwork network() {
        return network;
    }

    TestEngine engine() {
        return engine;
    }

    Proc proxy() {
        return Objects.requireNonNull(proxy);
    }

    URI address() {
        return address;
    }

    Path logs() {
        return logs;
    }

    /** Where the proxy keeps them. */
    Path recordings() {
        return work.resolve("recordings");
    }

    List<ConsoleUser> users() {
        return users;
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
        engine.close();
    }
}
