package io.postern.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Lanes that need a stock program, told by {@code POSTERN_STOCK_ZITI}: the command line tool and the Go edge router. */
final class StockCells {
    private static final List<String> LISTED = List.of(
            "identities",
            "services",
            "configs",
            "config-types",
            "service-policies",
            "edge-router-policies",
            "service-edge-router-policies",
            "edge-routers",
            "terminators",
            "enrollments",
            "authenticators",
            "api-sessions",
            "sessions");
    /** Those that need others before them. */
    private static final List<String> DELETED = List.of(
            "service-policy",
            "edge-router-policy",
            "service-edge-router-policy",
            "service",
            "config",
            "identity",
            "edge-router");

    private final World world;
    private final Report report;
    private final Path logs;
    private final Path home;
    private int runs;

    StockCells(World world, Report report, Path logs) {
        this.world = world;
        this.report = report;
        this.logs = logs;
        this.home = world.folder().resolve("stock");
    }

    void run(List<String> lanes, List<Client> clients, List<Host> hosts) throws IOException {
        String told = System.getenv("POSTERN_STOCK_ZITI");
        if (told == null || !Files.isExecutable(Path.of(told))) {
            for (String lane : List.of("cli", "router")) {
                if (lanes.contains(lane)) {
                    report.skip(lane + "/all", "POSTERN_STOCK_ZITI names no stock program");
                }
            }
            return;
        }
        Files.createDirectories(home);
        if (lanes.contains("cli")) {
            commandLine(told);
        }
        if (lanes.contains("router")) {
            router(told, clients, hosts);
        }
    }

    private void commandLine(String ziti) {
        Network.Admin admin = world.network().credentials();
        String controller = world.network().admin().base().toString();
        String mine = "cli-" + world.tag();
        String jwt = home.resolve("cli.jwt").toString();
        String id = home.resolve("cli.json").toString();
        cell("login", ziti, "edge login", controller, "-u", admin.user(), "-p", admin.password(), "-y");
        cell("version", ziti, "edge version");
        cell("create-identity", ziti, "edge create identity -a cli", mine, "-o", jwt);
        cell("enroll", ziti, "edge enroll -a EC", jwt, "-o", id);
        cell("login-identity", ziti, "edge login -y --ignore-config", controller, "-f", id);
        String host = "{\"protocol\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":80}";
        cell("create-config", ziti, "edge create config", mine, "host.v1", host);
        cell("create-service", ziti, "edge create service -a cli", mine, "-c", mine);
        String dial = "edge create service-policy --identity-roles #cli --service-roles @" + mine;
        cell("create-service-policy", ziti, dial, mine, "Dial");
        String all = " --edge-router-roles #all";
        cell("create-edge-router-policy", ziti, "edge create edge-router-policy --identity-roles #cli" + all, mine);
        String routers = "edge create service-edge-router-policy --service-roles #cli" + all;
        cell("create-service-edge-router-policy", ziti, routers, mine);
        String router = home.resolve("er.jwt").toString();
        cell("create-edge-router", ziti, "edge create edge-router", mine, "-o", router);
        for (String kind : LISTED) {
            cell("list-" + kind, ziti, "edge list", kind);
        }
        cell("list-filter", ziti, "edge list services", "name contains \"cli-\" sort by name limit 5");
        cell("list-identity-services", ziti, "edge list identity services", mine);
        cell("policy-advisor", ziti, "edge policy-advisor identities -q", mine);
        cell("update-service", ziti, "edge update service -a cli,more", mine);
        cell("update-identity", ziti, "edge update identity -a cli,more", mine);
        for (String kind : List.of("links", "circuits", "routers")) {
            cell("fabric-list-" + kind, ziti, "fabric list", kind);
        }
        for (String kind : DELETED) {
            cell("delete-" + kind, ziti, "edge delete", kind, mine);
        }
        cell("logout", ziti, "edge logout");
    }

    /** @param words of the command, with blanks between them; {@code more} may have blanks in them */
    private void cell(String name, String ziti, String words, String... more) {
        List<String> command = new ArrayList<>(List.of(ziti));
        command.addAll(List.of(words.split(" ")));
        command.addAll(List.of(more));
        report.cell("cli/" + name, () -> call(Duration.ofSeconds(30), command.toArray(String[]::new)));
    }

    /** Runs the stock program in a home of its own; its last line of output. */
    private String call(Duration limit, String... command) throws IOException, InterruptedException {
        String name = "stock-" + (++runs);
        Map<String, String> environment = Map.of(
                "HOME",
                home.toString(),
                "XDG_CONFIG_HOME",
                home.resolve("config").toString());
        try (Proc proc = Proc.start(name, Arrays.asList(command), environment, home, logs.resolve(name + ".log"))) {
            proc.endInput();
            int code = proc.exitCode(limit);
            String last = proc.lastLine();
            if (code != 0) {
                throw new Failed("exit " + code + ": " + last);
            }
            return last.length() > 100 ? last.substring(0, 100) : last;
        }
    }

    /** A stock router enrolls, joins, links, and a dialer that may use it alone reaches a host behind router A. */
    private void router(String ziti, List<Client> clients, List<Host> hosts) {
        if (clients.isEmpty() || hosts.isEmpty()) {
            report.skip("router/all", "needs a client lane");
            return;
        }
        List<Proc> running = new ArrayList<>();
        String[] id = {""};
        try {
            if (report.cell("router/enroll", () -> {
                        id[0] = enroll(ziti);
                        return id[0];
                    })
                    && report.cell("router/online", () -> {
                        running.add(Proc.start(
                                "stock-router",
                                List.of(
                                        ziti,
                                        "router",
                                        "run",
                                        home.resolve("router.yml").toString()),
                                Map.of("HOME", home.toString()),
                                home,
                                logs.resolve("stock-router.log")));
                        return online(id[0]);
                    })) {
                report.cell("router/dial", () -> dial(id[0], clients.getFirst(), hosts.getFirst()));
            }
        } finally {
            running.forEach(Proc::close);
        }
    }

    private String enroll(String ziti) throws IOException, InterruptedException {
        Rest admin = world.network().admin();
        ObjectNode draft = Rest.object().put("name", "stock-" + world.tag()).put("isTunnelerEnabled", false);
        String id = admin.create("edge-routers", draft);
        Path token = Files.writeString(
                home.resolve("router.jwt"),
                admin.get(Rest.MANAGEMENT + "/edge-routers/" + id)
                        .path("enrollmentJwt")
                        .asText());
        Path config = home.resolve("router.yml");
        Files.writeString(
                config,
                RouterFile.text(home, admin.base().getPort(), Programs.freePort(), Programs.freePort(), List.of()));
        call(Duration.ofSeconds(30), ziti, "router", "enroll", config.toString(), "--jwt", token.toString());
        return id;
    }

    private String online(String id) throws InterruptedException {
        Await.that("the router online", Duration.ofSeconds(40))
                .holds(() -> world.network()
                        .admin()
                        .get(Rest.MANAGEMENT + "/edge-routers/" + id)
                        .path("isOnline")
                        .asBoolean());
        return "online";
    }

    private String dial(String routerId, Client client, Host host) throws IOException, InterruptedException {
        Rest admin = world.network().admin();
        String side = "stock";
        ObjectNode routers =
                Rest.object().put("name", "lanes-stock-" + world.tag()).put("semantic", "AnyOf");
        routers.putArray("identityRoles").add("#" + side + "-" + world.tag());
        routers.putArray("edgeRouterRoles").add("@" + routerId);
        admin.create("edge-router-policies", routers);
        ObjectNode dials = Rest.object()
                .put("name", "lanes-stock-" + world.tag())
                .put("semantic", "AnyOf")
                .put("type", "Dial");
        dials.putArray("identityRoles").add("#" + side + "-" + world.tag());
        dials.putArray("serviceRoles").add("#svc-" + world.tag());
        admin.create("service-policies", dials);
        world.enroll(side, client);
        PairCells pairs = new PairCells(world, report);
        // its link may not stand yet
        return Await.that("a dial through the stock router", Duration.ofSeconds(60))
                .every(Duration.ofSeconds(1))
                .succeeds(() -> pairs.dial(side, client, host, true, 'E', PairCells.BULK));
    }
}
