package io.postern.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Our own network: the built controller over its embedded PostgreSQL and two built edge routers, on loopback. */
public final class PosternNetwork implements Network {
    private static final String ADMIN = "admin";

    private final Programs programs;
    private final Function<Character, List<String>> tunnels;
    private final Predicate<Character> silent;
    private final Path work;
    private final Path logs;
    private final String password = UUID.randomUUID().toString();
    private final int controllerPort = Programs.freePort();
    private final Rest admin;
    private final Map<Character, Router> routers = new HashMap<>();
    private final List<ProcessHandle> grandchildren = new ArrayList<>();
    private @Nullable Proc controller;

    private record Router(String id, Path config, @Nullable Proc proc) {
        Router with(@Nullable Proc other) {
            return new Router(id, config, other);
        }
    }

    private PosternNetwork(
            Path root, Path work, Path logs, Function<Character, List<String>> tunnels, Predicate<Character> silent)
            throws IOException {
        this.tunnels = tunnels;
        this.silent = silent;
        this.programs = new Programs(root, work, logs);
        this.work = work;
        this.logs = logs;
        this.admin = new Rest(URI.create("https://localhost:" + controllerPort), null);
    }

    static Network start(Path root, Path work, Path logs) throws IOException, InterruptedException {
        return start(root, work, logs, which -> List.of());
    }

    /**
     * @param tunnels further listeners of router A and B, as YAML; a router that has any gets a tunneler's identity
     */
    public static PosternNetwork start(Path root, Path work, Path logs, Function<Character, List<String>> tunnels)
            throws IOException, InterruptedException {
        return start(root, work, logs, tunnels, which -> false);
    }

    /** @param silent routers that listen nowhere: they only dial out */
    static PosternNetwork start(
            Path root, Path work, Path logs, Function<Character, List<String>> tunnels, Predicate<Character> silent)
            throws IOException, InterruptedException {
        PosternNetwork network = new PosternNetwork(root, work, logs, tunnels, silent);
        try {
            network.startController();
            for (char which : new char[] {'A', 'B'}) {
                network.enroll(which);
                network.startRouter(which);
            }
            network.awaitLinked();
            return network;
        } catch (Failed | IOException | InterruptedException e) {
            network.close();
            throw e;
        }
    }

    /** A controller without routers. */
    public static PosternNetwork controllerAlone(Path root, Path work, Path logs)
            throws IOException, InterruptedException {
        PosternNetwork network = new PosternNetwork(root, work, logs, which -> List.of(), which -> false);
        try {
            network.startController();
            return network;
        } catch (Failed | IOException | InterruptedException e) {
            network.close();
            throw e;
        }
    }

    @Override
    public void startController(Map<String, String> settings) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("POSTERN_DATA_FOLDER", work.resolve("controller").toString());
        environment.put("POSTERN_BIND_PORT", Integer.toString(controllerPort));
        environment.put("POSTERN_ADMIN_USERNAME", ADMIN);
        environment.put("POSTERN_ADMIN_PASSWORD", password);
        Proc started = programs.java("controller", "controller", environment, List.of());
        controller = started;
        programs.await("the controller answers", started, () -> {
            admin.use(null);
            if (admin.call("GET", Rest.CLIENT + "/version", null).status() != 200) {
                return false;
            }
            admin.login(ADMIN, password);
            return true;
        });
    }

    @Override
    public void killController() throws InterruptedException {
        Proc running = controller;
        if (running != null) {
            grandchildren.addAll(running.descendants());
            running.killAlone();
        }
        controller = null;
    }

    /** The database of a controller that was killed ends by itself; a new controller may begin then. */
    void awaitDatabaseGone() throws InterruptedException {
        Await.that("the end of the killed controller's database", Programs.BOOT)
                .holds(() -> grandchildren.stream().noneMatch(ProcessHandle::isAlive));
    }

    private void enroll(char which) throws IOException, InterruptedException {
        ObjectNode draft = Rest.object()
                .put("name", "router-" + which)
                .put("isTunnelerEnabled", !tunnels.apply(which).isEmpty());
        String id = admin.create("edge-routers", draft);
        String jwt = admin.get(Rest.MANAGEMENT + "/edge-routers/" + id)
                .path("enrollmentJwt")
                .asText();
        Path folder = Files.createDirectories(work.resolve("router-" + which));
        Path token = Files.writeString(folder.resolve("router.jwt"), jwt);
        Path config = Files.writeString(
                folder.resolve("router.yml"),
                silent.test(which)
                        ? RouterFile.silent(folder, controllerPort, tunnels.apply(which))
                        : RouterFile.text(
                                folder,
                                controllerPort,
                                Programs.freePort(),
                                Programs.freePort(),
                                tunnels.apply(which)));
        try (Proc proc = programs.java(
                "router-" + which,
                "edge-router",
                Map.of(),
                List.of("enroll", config.toString(), "--jwt", token.toString()))) {
            int code = proc.exitCode(Programs.BOOT);
            if (code != 0) {
                throw new Failed("router " + which + " does not enroll: exit " + code + ", see " + logs);
            }
        }
        routers.put(which, new Router(id, config, null));
    }

    @Override
    public void startRouter(char which) throws IOException, InterruptedException {
        Router router = router(which);
        Proc proc = programs.java(
                "router-" + which,
                "edge-router",
                Map.of(),
                List.of("run", router.config().toString()));
        routers.put(which, router.with(proc));
        programs.await(
                "router " + which + " is online",
                proc,
                () -> admin.get(Rest.MANAGEMENT + "/edge-routers/" + router.id())
                        .path("isOnline")
                        .asBoolean());
    }

    @Override
    public void killRouter(char which) throws InterruptedException {
        Router router = router(which);
        Proc proc = router.proc();
        if (proc != null) {
            proc.killAlone();
        }
        routers.put(which, router.with(null));
    }

    /** Process ids of the controller, or of a router: {@code 'C'}, {@code 'A'}, {@code 'B'}. */
    public long pid(char which) {
        return java.util.Objects.requireNonNull(
                        which == 'C' ? controller : router(which).proc())
                .pid();
    }

    /** A dial before the link between the routers stands would find no path. */
    private void awaitLinked() throws InterruptedException {
        programs.await("the routers are linked", java.util.Objects.requireNonNull(controller), () -> {
            Rest.Answer links = admin.call("GET", "/fabric/v1/links", null);
            return links.data().size() > 0;
        });
    }

    private Router router(char which) {
        Router router = routers.get(which);
        if (router == null) {
            throw new IllegalStateException("no router " + which);
        }
        return router;
    }

    Path root() {
        return programs.root();
    }

    Proc java(String name, String module, Map<String, String> environment, List<String> arguments) throws IOException {
        return programs.java(name, module, environment, arguments);
    }

    void await(String what, Proc proc, Await.Condition<RuntimeException> condition) throws InterruptedException {
        programs.await(what, proc, condition);
    }

    static int freePort() throws IOException {
        return Programs.freePort();
    }

    @Override
    public Rest admin() {
        return admin;
    }

    @Override
    public Admin credentials() {
        return new Admin(ADMIN, password);
    }

    @Override
    public String routerAId() {
        return router('A').id();
    }

    @Override
    public String routerBId() {
        return router('B').id();
    }

    @Override
    public boolean breakable() {
        return true;
    }

    @Override
    public void close() {
        routers.values().stream()
                .map(Router::proc)
                .filter(java.util.Objects::nonNull)
                .collect(Collectors.toList())
                .forEach(Proc::close);
        if (controller != null) {
            grandchildren.addAll(controller.descendants());
            controller.close();
        }
        grandchildren.forEach(ProcessHandle::destroyForcibly);
    }
}
