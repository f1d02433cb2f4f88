package io.postern.cli.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.cli.Failure;
import io.postern.cli.Steps;
import io.postern.client.Connection;
import io.postern.client.ControllerClient;
import io.postern.client.ControllerClient.Api;
import io.postern.client.DialRefused;
import io.postern.client.IdentityFile;
import io.postern.client.Listener;
import io.postern.client.PosternClient;
import io.postern.client.TrustOffer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the quickstart does, step by step. */
final class Demonstration implements AutoCloseable {
    static final String SERVICE = "web";

    private final Home home;
    private final Processes processes;
    private final Steps steps;
    private final List<AutoCloseable> open = new ArrayList<>();

    Demonstration(Home home, Processes processes, Steps steps) {
        this.home = home;
        this.processes = processes;
        this.steps = steps;
    }

    void run() throws IOException, InterruptedException {
        boolean resumed = Files.exists(home.file("dialer.json"));
        steps.tell((resumed ? "Going on in " : "Starting a new network in ") + home.folder());
        TrustOffer offer = steps.step("controller answers at " + home.controller(), this::startController);
        ControllerClient admin = kept(ControllerClient.of(URI.create(home.controller()), offer.bundle()));
        steps.step("administrator logged in", () -> admin.authenticate("admin", home.password()));
        Network network = new Network(home, admin);
        List<Router> routers = List.of(new Router(home, processes, "a"), new Router(home, processes, "b"));
        Together enrolling = new Together();
        for (Router router : routers) {
            enrolling.start(() -> steps.step(router + " is enrolled", () -> router.enroll(network)));
        }
        IdentityFile host =
                steps.step("identity host: may host service web, at router a", () -> network.identity("host"));
        IdentityFile dialer = steps.step("identity dialer: may dial it, at router b", () -> network.identity("dialer"));
        IdentityFile stranger = steps.step("identity stranger: may nothing", () -> network.identity("stranger"));
        steps.step("service and policies are in place", network::policies);
        enrolling.await();
        steps.step("both edge routers are online, in one process", () -> startRouters(routers, admin));
        show(admin, host, dialer, stranger);
        steps.total();
    }

    private <T extends AutoCloseable> T kept(T resource) {
        open.add(resource);
        return resource;
    }

    private TrustOffer startController() throws IOException, InterruptedException {
        processes.start(
                "controller",
                "controller",
                List.of(
                        "-Dpostern.data-folder=" + home.file("controller"),
                        "-Dpostern.bind.port=" + home.port("controller"),
                        "-Dquarkus.datasource.reactive.max-size=4"),
                List.of());
        return Patience.until("the controller to answer", Duration.ofSeconds(180), () -> {
            processes.checkAlive();
            try {
                return Optional.of(TrustOffer.of(URI.create(home.controller())));
            } catch (IOException e) {
                Patience.note(e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** In one process, as a JVM of its own for each would take as much memory again. */
    private boolean startRouters(List<Router> routers, ControllerClient admin)
            throws IOException, InterruptedException {
        List<String> arguments = Stream.concat(
                        Stream.of("run"),
                        routers.stream().map(router -> router.config().toString()))
                .toList();
        processes.start("routers", "router", List.of(), arguments);
        return Patience.until("both edge routers to come online", Duration.ofSeconds(120), () -> {
            processes.checkAlive();
            List<JsonNode> all = admin.all(Api.MANAGEMENT, "/edge-routers", Map.of());
            boolean online = List.of("a", "b").stream()
                    .allMatch(name -> all.stream()
                            .anyMatch(router -> router.path("name").asText().equals(name)
                                    && router.path("isOnline").asBoolean()));
            return online ? Optional.of(true) : Optional.empty();
        });
    }

    private void show(ControllerClient admin, IdentityFile host, IdentityFile dialer, IdentityFile stranger)
            throws IOException, InterruptedException {
        PosternClient hosting = kept(PosternClient.of(host));
        Listener listener = steps.step(
                "service web is hosted behind router a",
                () -> Patience.until(
                        "the service to be bound", Duration.ofSeconds(60), () -> attempt(() -> hosting.bind(SERVICE))));
        kept(listener);
        Thread.ofVirtual().name("web").start(() -> WebServer.serve(listener));
        PosternClient dialing = kept(PosternClient.of(dialer));
        Connection connection = steps.step(
                "the dialer's connection exists",
                () -> Patience.until(
                        "the first dial", Duration.ofSeconds(60), () -> attempt(() -> dialing.dial(SERVICE))));
        String answer;
        String path;
        try (connection) {
            answer = steps.step(
                    "the page came through router " + connection.router(), () -> WebServer.fetch(connection));
            path = path(admin, connection.circuitId());
        }
        steps.tell("answer     " + answer);
        steps.tell("circuit    " + connection.circuitId() + " over " + path
                + (connection.isEncrypted() ? ", end-to-end encrypted" : ""));
        if (!answer.startsWith("HTTP/1.1 200")) {
            throw new Failure(Failure.REFUSED, "The hosted service answered something else: " + answer);
        }
        refused(stranger);
    }

    /** A refusal may only mean that routers do not know yet; it is tried again until patience ends. */
    private <T> Optional<T> attempt(Steps.Step<T> step) throws InterruptedException {
        processes.checkAlive();
        try {
            return Optional.of(step.take());
        } catch (IOException e) {
            Patience.note(e.getMessage());
            return Optional.empty();
        }
    }

    private void refused(IdentityFile stranger) throws IOException, InterruptedException {
        String words = steps.step("the stranger is refused", () -> {
            try (PosternClient client = PosternClient.of(stranger);
                    Connection connection = client.dial(SERVICE)) {
                throw new Failure(Failure.REFUSED, "The stranger got a connection (" + connection + ").");
            } catch (DialRefused refusal) {
                return refusal.getMessage();
            }
        });
        steps.tell("refusal    " + words);
    }

    /** Names of the routers that the circuit crosses, as the controller tells. */
    private String path(ControllerClient admin, String circuitId) throws IOException, InterruptedException {
        return Patience.until("the controller to know the circuit", Duration.ofSeconds(5), () -> {
            JsonNode circuit = circuit(admin, circuitId);
            if (circuit == null) {
                return Optional.empty();
            }
            List<String> names = new ArrayList<>();
            circuit.path("path")
                    .path("nodes")
                    .forEach(node -> names.add("router " + node.path("name").asText()));
            return Optional.of(String.join(" -> ", names));
        });
    }

    private static @Nullable JsonNode circuit(ControllerClient admin, String circuitId) throws IOException {
        return admin.all(Api.FABRIC, "/circuits", Map.of()).stream()
                .filter(circuit -> circuit.path("id").asText().equals(circuitId))
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        for (int i = open.size() - 1; i >= 0; i--) {
            try {
                open.get(i).close();
            } catch (Exception e) {
                // Everything is going down anyway.
            }
        }
    }
}
