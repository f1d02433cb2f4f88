package io.postern.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.controller.boot.Database;
import io.postern.controller.boot.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Two controllers over one PostgreSQL, which belongs to neither, behind a plain TCP balancer, and two edge routers that know
 * the balancer's address alone. All on loopback.
 */
final class ReplicaNetwork implements Network {
    /** One of the two controllers. */
    enum Which {
        FIRST,
        SECOND;

        String id() {
            return "ctrl-" + name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static final String ADMIN = "admin";

    private final Programs programs;
    private final Path work;
    private final String password = UUID.randomUUID().toString();
    private final EmbeddedPostgres postgres;
    private final Database database;
    private final Map<Which, Integer> ports = new EnumMap<>(Which.class);
    private final Map<Which, Proc> controllers = new EnumMap<>(Which.class);
    /** By the database's clock, in seconds. */
    private final Map<Which, Long> launched = new EnumMap<>(Which.class);

    private final Map<Character, String> routerIds = new HashMap<>();
    private final Map<Character, Proc> routers = new HashMap<>();
    private final Balancer balancer;
    private final Rest admin;

    private ReplicaNetwork(Programs programs, Path work) throws IOException {
        this.programs = programs;
        this.work = work;
        this.postgres = new EmbeddedPostgres(work.resolve("postgres"));
        this.database = postgres.start();
        for (Which which : Which.values()) {
            ports.put(which, Programs.freePort());
        }
        this.balancer = Balancer.start(List.copyOf(ports.values()));
        this.admin = new Rest(URI.create("https://localhost:" + balancer.port()), null);
    }

    /** The database and the balancer, and no controller yet. */
    static ReplicaNetwork prepare(Path root, Path work, Path logs) throws IOException {
        Path folder = Files.createDirectories(work.resolve("replicas"));
        return new ReplicaNetwork(new Programs(root, folder, logs), folder);
    }

    void launch(Which which) throws IOException {
        launched.put(which, count("select floor(extract(epoch from clock_timestamp()))::bigint"));
        Map<String, String> environment = new HashMap<>();
        environment.put("POSTERN_DB_URL", database.url());
        environment.put("POSTERN_DB_USERNAME", database.username());
        environment.put("POSTERN_DB_PASSWORD", database.password());
        environment.put("POSTERN_DATA_FOLDER", work.resolve(which.id()).toString());
        environment.put("POSTERN_KEY_FILE", work.resolve("pki.key").toString());
        environment.put("POSTERN_CONTROLLER_ID", which.id());
        environment.put("POSTERN_ADVERTISE", "localhost:" + balancer.port());
        environment.put("POSTERN_BIND_PORT", Integer.toString(ports.get(which)));
        environment.put("POSTERN_ADMIN_USERNAME", ADMIN);
        environment.put("POSTERN_ADMIN_PASSWORD", password);
        controllers.put(which, programs.java(which.id(), "controller", environment, List.of()));
    }

    /** Until the controller answers at its own port. */
    void awaitServing(Which which) throws InterruptedException {
        Rest direct = direct(which);
        programs.await(which.id() + " answers", proc(which), () -> {
            direct.login(ADMIN, password);
            return true;
        });
    }

    /** Until both routers have a control channel to this very process, it knows their link, and both controllers. */
    void awaitComplete(Which which) throws InterruptedException {
        Rest direct = direct(which);
        String channels = "select count(*) from router_channel join controller on controller_id = id where id = '"
                + which.id() + "' and extract(epoch from joined_at) >= " + launched.get(which);
        programs.await("both routers at " + which.id(), proc(which), () -> count(channels) == 2);
        programs.await("link and controllers at " + which.id(), proc(which), () -> {
            direct.login(ADMIN, password);
            return !direct.get("/fabric/v1/links").isEmpty() && online(direct) == 2;
        });
    }

    static int online(Rest rest) {
        int online = 0;
        for (var each : rest.get(Rest.CLIENT + "/controllers")) {
            online += each.path("isOnline").asBoolean() ? 1 : 0;
        }
        return online;
    }

    /** A client of one controller, past the balancer; not logged in. */
    Rest direct(Which which) {
        return new Rest(URI.create("https://localhost:" + ports.get(which)), null);
    }

    /** {@code kill -9}. */
    void kill(Which which) throws InterruptedException {
        proc(which).killAlone();
    }

    void loginAgain() {
        admin.use(null);
        admin.login(ADMIN, password);
    }

    private Proc proc(Which which) {
        return Objects.requireNonNull(controllers.get(which));
    }

    /** Counts rows, past all controllers. */
    long count(String sql) {
        try (var connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new Failed("the database: " + e.getMessage(), e);
        }
    }

    void enroll(char which) throws IOException, InterruptedException {
        ObjectNode draft = Rest.object().put("name", "replicas-router-" + which);
        String id = admin.create("edge-routers", draft);
        String jwt = admin.get(Rest.MANAGEMENT + "/edge-routers/" + id)
                .path("enrollmentJwt")
                .asText();
        Path folder = Files.createDirectories(work.resolve("router-" + which));
        Path token = Files.writeString(folder.resolve("router.jwt"), jwt);
        Path config = Files.writeString(
                folder.resolve("router.yml"),
                RouterFile.text(folder, balancer.port(), Programs.freePort(), Programs.freePort(), List.of()));
        String name = "replicas-router-" + which;
        try (Proc proc = programs.java(
                name, "edge-router", Map.of(), List.of("enroll", config.toString(), "--jwt", token.toString()))) {
            int code = proc.exitCode(Programs.BOOT);
            if (code != 0) {
                throw new Failed("router " + which + " does not enroll: exit " + code);
            }
        }
        routerIds.put(which, id);
        routers.put(which, programs.java(name, "edge-router", Map.of(), List.of("run", config.toString())));
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
        return Objects.requireNonNull(routerIds.get('A'));
    }

    @Override
    public String routerBId() {
        return Objects.requireNonNull(routerIds.get('B'));
    }

    @Override
    public boolean breakable() {
        return true;
    }

    @Override
    public void killController() {
        throw new UnsupportedOperationException("which of the two?");
    }

    @Override
    public void startController(Map<String, String> settings) {
        throw new UnsupportedOperationException("which of the two?");
    }

    @Override
    public void killRouter(char which) {
        throw new UnsupportedOperationException("routers stay up here");
    }

    @Override
    public void startRouter(char which) {
        throw new UnsupportedOperationException("routers stay up here");
    }

    @Override
    public void close() {
        List<@Nullable Proc> all = new ArrayList<>(routers.values());
        all.addAll(controllers.values());
        all.stream().filter(Objects::nonNull).forEach(Proc::close);
        balancer.close();
        postgres.close();
    }
}
