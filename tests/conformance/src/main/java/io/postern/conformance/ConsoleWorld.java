package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.pki.Certificates;
import io.postern.testkit.BadLine;
import io.postern.testkit.engine.TestEngine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A container engine that listens nowhere but at its unix socket, hosted by router A's tunneler; a built ws-proxy that dials it
 * through router B; a user who may attach and exec, and one who may do nothing.
 */
public final class ConsoleWorld implements AutoCloseable {
    static final String HOST = "engine-1";
    /** The same engine, reached by its socket, with limits that do not matter. */
    static final String LOCAL = "engine-local";

    private final Path root;
    private final Path work;
    private final Path logs;
    private final Network network;
    private final boolean recorded;
    private final ProxyFiles files;
    private final TestEngine engine = TestEngine.start();
    private final int port = PosternNetwork.freePort();
    private final int plainPort = PosternNetwork.freePort();
    private final BadLine badLine = new BadLine(port);
    private final Rest rest = new Rest(URI.create("https://localhost:" + port), null);
    private @Nullable Proc proxy;
    private String password = "";
    private boolean alsoLocal;

    /** @param recorded are consoles recorded? */
    public ConsoleWorld(Path root, Path work, Path logs, Network network, boolean recorded) throws IOException {
        this.recorded = recorded;
        this.root = root;
        this.work = Files.createDirectories(work.resolve("consoles"));
        this.logs = logs;
        this.files = new ProxyFiles(this.work);
        this.network = network;
    }

    /**
     * Before the start: the engine is a second host too, by its socket, and the proxy listens without TLS too, as behind a
     * proxy that ends it. Containers are then there twice.
     */
    public ConsoleWorld alsoLocal() {
        alsoLocal = true;
        return this;
    }

    public TestEngine engine() {
        return engine;
    }

    public String address() {
        return "https://localhost:" + port;
    }

    /** Without TLS; only after {@link #alsoLocal}. */
    public String plainAddress() {
        return "http://localhost:" + plainPort;
    }

    /** The same proxy, over a line that can be broken. */
    String badAddress() {
        return "https://localhost:" + badLine.port();
    }

    BadLine badLine() {
        return badLine;
    }

    /** Of every user. */
    String password() {
        return password;
    }

    /** The local host, then the one beyond the overlay. */
    public List<String> hosts() {
        return List.of(LOCAL, HOST);
    }

    public long proxyPid() {
        return Objects.requireNonNull(proxy).pid();
    }

    Path authority() {
        return work.resolve("ca.pem");
    }

    Path proxyLog() {
        return logs.resolve("ws-proxy.log");
    }

    public void start() throws IOException, InterruptedException {
        password = UUID.randomUUID().toString();
        String service = model();
        Path identity = files.enroll(network.admin(), root, logs, "lane-proxy-" + service, "lane-proxy");
        user("alice", "lane-ops");
        user("mallory", "lane-nobody");
        files.certify();
        Files.writeString(authority(), Certificates.toPem(files.authority()));
        engine.container(List.of("-i", "-t", "--name", "web"), "sh");
        proxy = Proc.start("ws-proxy", command(identity), Map.of(), work, proxyLog());
        awaitContainers();
    }

    private List<String> command(Path identity) {
        List<String> command = Programs.start(root, "ws-proxy");
        command.addAll(List.of(
                "-Dpostern.ws-proxy.identity=" + identity,
                "-Dpostern.ws-proxy.port=" + port,
                "-Dpostern.ws-proxy.names=localhost:" + badLine.port(),
                "-Dpostern.ws-proxy.tls.certificate=" + files.certificate(),
                "-Dpostern.ws-proxy.tls.key=" + files.key(),
                // a busy machine may leave a client that reads without its turn for longer than the default
                "-Dpostern.console.stall=5s",
                "-Dpostern.recording.folder=" + work.resolve("recordings"),
                "-Dpostern.engine.hosts-refresh=1s"));
        if (alsoLocal) {
            command.add("-Dpostern.hosts." + LOCAL + ".socket=" + engine.socket());
            command.add("-Dpostern.ws-proxy.plain-http=enabled");
            command.add("-Dpostern.ws-proxy.plain-port=" + plainPort);
        }
        return command;
    }

    private static ObjectNode policy(
            String name, List<String> left, List<String> right, String leftKey, String rightKey) {
        ObjectNode policy = Rest.object().put("name", name).put("semantic", "AnyOf");
        left.forEach(policy.putArray(leftKey)::add);
        right.forEach(policy.putArray(rightKey)::add);
        return policy;
    }

    private String model() {
        Rest admin = network.admin();
        ObjectNode socket = Rest.object().put("name", "lane-engine-socket").put("configTypeId", type("host.v1"));
        socket.putObject("data")
                .put("protocol", "tcp")
                .put("address", "unix:" + engine.socket())
                .put("port", 1);
        ObjectNode grants = Rest.object().put("name", "lane-engine-grants").put("configTypeId", type("containers.v1"));
        ObjectNode grant = grants.putObject("data").putArray("grants").addObject();
        grant.putArray("identityRoles").add("#lane-ops");
        grants.withObject("data").putObject("recording").put("mode", recorded ? "on" : "off");
        List.of("observe", "attach", "exec", "copyIn", "copyOut", "viewRecording")
                .forEach(grant.putArray("actions")::add);
        ObjectNode service = Rest.object().put("name", HOST).put("encryptionRequired", true);
        service.putArray("roleAttributes").add("lane-engine");
        service.putArray("configs").add(admin.create("configs", socket)).add(admin.create("configs", grants));
        String id = admin.create("services", service);
        if (alsoLocal) {
            local(admin);
        }
        for (String type : List.of("Bind", "Dial")) {
            String who = type.equals("Bind") ? "@" + network.routerAId() : "#lane-proxy";
            ObjectNode right =
                    policy("lane-engine-" + type, List.of(who), List.of("@" + id), "identityRoles", "serviceRoles");
            admin.create("service-policies", right.put("type", type));
        }
        admin.create(
                "service-edge-router-policies",
                policy("lane-engine", List.of("@" + id), List.of("#all"), "serviceRoles", "edgeRouterRoles"));
        for (String who : List.of("#lane-proxy", "@" + network.routerAId())) {
            String router = who.startsWith("#") ? network.routerBId() : network.routerAId();
            admin.create(
                    "edge-router-policies",
                    policy(
                            "lane-engine-" + router,
                            List.of(who),
                            List.of("@" + router),
                            "identityRoles",
                            "edgeRouterRoles"));
        }
        return id;
    }

    private void local(Rest admin) {
        ObjectNode grants = Rest.object().put("name", "lane-local-grants").put("configTypeId", type("containers.v1"));
        ObjectNode grant = grants.putObject("data").putArray("grants").addObject();
        grant.putArray("identityRoles").add("#lane-ops");
        List.of("observe", "attach", "exec").forEach(grant.putArray("actions")::add);
        ((ObjectNode) grants.path("data"))
                .putObject("limits")
                .put("sessionsPerUser", 1_000)
                .put("sessionsPerContainer", 1_000);
        ObjectNode service = Rest.object().put("name", LOCAL).put("encryptionRequired", true);
        service.putArray("configs").add(admin.create("configs", grants));
        String id = admin.create("services", service);
        ObjectNode right =
                policy("lane-local-dial", List.of("#lane-proxy"), List.of("@" + id), "identityRoles", "serviceRoles");
        admin.create("service-policies", right.put("type", "Dial"));
    }

    private String type(String name) {
        for (JsonNode type : network.admin().get(Rest.MANAGEMENT + "/config-types?limit=500")) {
            if (type.path("name").asText().equals(name)) {
                return type.path("id").asText();
            }
        }
        throw new Failed("no config type " + name);
    }

    private void user(String name, String role) {
        ObjectNode draft =
                Rest.object().put("name", name).put("type", "Default").put("isAdmin", false);
        draft.putArray("roleAttributes").add(role);
        String id = network.admin().create("identities", draft);
        network.admin()
                .create(
                        "authenticators",
                        Rest.object()
                                .put("method", "updb")
                                .put("identityId", id)
                                .put("username", name)
                                .put("password", password));
    }

    /** A fresh token of a user. */
    public String token(String name) {
        Rest.Answer answer = rest.call(
                "POST", "/v1/login", Rest.object().put("username", name).put("password", password));
        Rest.expect("login", answer, 200);
        return answer.body().path("token").asText();
    }

    /** The same in a file that only we read. */
    Path tokenFile(String name) throws IOException {
        Path file = work.resolve(name + ".token");
        Files.writeString(file, token(name));
        return file;
    }

    private void awaitContainers() throws InterruptedException {
        try {
            Await.that("a container at ws-proxy", Duration.ofSeconds(180))
                    .every(Duration.ofMillis(300))
                    .whileAlive(Objects.requireNonNull(proxy))
                    .until(
                            () -> rest.call(
                                    "GET",
                                    "/v1/containers",
                                    null,
                                    "",
                                    Map.of("Authorization", "Bearer " + token("alice"))),
                            answer -> answer.status() == 200 && answer.body().size() > 0);
        } catch (Failed e) {
            throw new Failed(e.getMessage() + ", logs in " + logs, e);
        }
    }

    @Override
    public void close() throws IOException {
        if (proxy != null) {
            proxy.close();
        }
        engine.close();
        badLine.close();
    }
}
