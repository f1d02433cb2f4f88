package io.postern.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The conformance lanes: {@code Lanes ROOT [LANE…] [CELL…]}. Lanes are {@code jvm go c cli router k8s zun verbs quickstart}, all
 * of them when none is named, and {@code replicas commands browser console}; a word with a slash chooses cells by their beginning
 * or as a pattern ({@code pair/go-c/}, {@code break/.*}).
 * Prints one line per cell and last {@code N passed, N failed, N skipped}; exit 0 when nothing failed.
 */
public final class Lanes {
    private static final String REPLICAS = "replicas";
    private static final String QUICKSTART = "quickstart";
    private static final List<String> SDKS = List.of("go", "jvm", "c");
    private static final List<String> ALL = List.of(
            "go",
            "jvm",
            "c",
            "cli",
            "router",
            "k8s",
            "zun",
            "verbs",
            QUICKSTART,
            REPLICAS,
            "commands",
            "browser",
            "console");
    /** Run only when they are named. */
    private static final List<String> NAMED = List.of(REPLICAS, "commands", "browser", "console");

    private final Path root;
    private final List<String> lanes;
    private final Report report;
    private final Path work;
    private final Path logs;
    private @Nullable Thread quickstart;

    private Lanes(Path root, List<String> words) throws IOException {
        this.root = root;
        List<String> named = words.stream().filter(ALL::contains).toList();
        this.lanes = named.isEmpty()
                ? ALL.stream().filter(lane -> !NAMED.contains(lane)).toList()
                : named;
        List<Pattern> patterns = words.stream()
                .filter(word -> !ALL.contains(word))
                .map(Pattern::compile)
                .toList();
        Predicate<String> chosen = name -> patterns.isEmpty()
                || patterns.stream().anyMatch(p -> p.matcher(name).lookingAt());
        this.report = new Report(chosen, Duration.ofMinutes(minutes()));
        this.work = Files.createTempDirectory("postern-lanes");
        this.logs = root.resolve("target/lanes/logs");
    }

    private static long minutes() {
        String value = System.getenv("POSTERN_LANES_MINUTES");
        return value == null || value.isEmpty() ? 30 : Long.parseLong(value);
    }

    public static void main(String[] args) throws Exception {
        Lanes lanes = new Lanes(Path.of(args[0]).toAbsolutePath(), List.of(args).subList(1, args.length));
        overallDeadline();
        boolean held;
        try {
            held = lanes.run();
        } finally {
            Folders.delete(lanes.work);
        }
        System.exit(held ? 0 : 1);
    }

    /** Last resort behind the report's own deadline: a cell that hangs ends the run. */
    private static void overallDeadline() {
        Thread.ofPlatform().daemon().name("deadline").start(() -> {
            try {
                Thread.sleep(Duration.ofMinutes(minutes() + 3));
            } catch (InterruptedException e) {
                return;
            }
            System.out.println("FAIL the run exceeded its time");
            Runtime.getRuntime().exit(2);
        });
    }

    private boolean run() throws IOException, InterruptedException {
        Folders.delete(logs);
        Files.createDirectories(logs);
        if (!List.of(QUICKSTART, "console", REPLICAS).containsAll(lanes)) {
            runNetwork();
        }
        startQuickstart();
        if (lanes.contains(REPLICAS)) {
            runReplicas();
        }
        if (quickstart != null) {
            quickstart.join();
        }
        if (lanes.contains("console")) {
            ConsoleLane.run(root, work.resolve("console"), logs.resolve("console"), report);
        }
        return report.summary();
    }

    /** Beside the cells that break things, which wait most of their time: once, and with a network of its own. */
    private void startQuickstart() {
        if (lanes.contains(QUICKSTART) && quickstart == null) {
            quickstart = Thread.ofPlatform()
                    .daemon()
                    .name(QUICKSTART)
                    .start(() -> new QuickstartCells(report, root, work, logs).run());
        }
    }

    /** Two controllers; one client is enough, for it is the controllers that differ here. */
    private void runReplicas() {
        Client client = client("go");
        if (client == null) {
            return;
        }
        try {
            new ReplicaCells(root, work, logs, report).run(client);
        } catch (Failed | IOException e) {
            report.mandatory("replicas/network", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            report.mandatory("replicas/network", e);
        }
    }

    private void runNetwork() throws IOException, InterruptedException {
        List<Client> clients = clients();
        try (Network network = network()) {
            World world = new World(network, work);
            world.policies();
            List<Client> ready = new ArrayList<>();
            for (Client client : clients) {
                if (enrolled(world, client)) {
                    ready.add(client);
                }
            }
            Map<String, Host> hosts = new LinkedHashMap<>();
            try {
                for (Client client : ready) {
                    setUp("host/" + client.lane(), () -> {
                        hosts.put(client.lane(), Host.start(world, client));
                        return "";
                    });
                }
                List<Host> serving = List.copyOf(hosts.values());
                new PairCells(world, report).run(ready, serving);
                new PathCell(world, report).run(ready, serving);
                new ContractCells(world, report).run(ready);
                new BadInputCells(world, report).run(ready);
                new StockCells(world, report, logs).run(lanes, ready, serving);
                if (lanes.contains("verbs")) {
                    new VerbCells(world, report).run(root, logs, ready, serving);
                }
                LoginCells logins = new LoginCells(world, report);
                logins.run(ready, serving);
                if (lanes.stream().anyMatch(ConsoleCells.LANES::contains)) {
                    new ConsoleCells(root, work, logs, network, report).run(lanes);
                }
                startQuickstart();
                new BreakCells(world, report).run(ready, serving);
                logins.off(ready, serving);
            } finally {
                hosts.values().forEach(Host::close);
            }
        } catch (Failed e) {
            report.mandatory("network", e);
        }
    }

    /** A cell that others need: it runs whether it is chosen or not. */
    private boolean setUp(String name, Report.Body body) {
        if (report.wants(name)) {
            return report.cell(name, body);
        }
        try {
            body.run();
            return true;
        } catch (Exception e) {
            return report.mandatory(name, e);
        }
    }

    private boolean enrolled(World world, Client client) {
        String lane = client.lane();
        return setUp("enroll/" + lane, () -> {
                    world.services(lane);
                    world.enroll("host", client);
                    world.enroll("dial", client);
                    return "";
                })
                && setUp("list/" + lane, () -> list(world, client));
    }

    private static String list(World world, Client client) throws IOException, InterruptedException {
        String encrypted = world.service(client.lane(), true);
        String clear = world.service(client.lane(), false);
        List<String> arguments =
                new ArrayList<>(List.of("list", world.file("dial", client).toString()));
        if (!client.lane().equals("go")) {
            arguments.addAll(List.of(encrypted, clear));
        }
        try (Proc proc = client.run("list", Map.of(), arguments.toArray(String[]::new))) {
            if (!client.lane().equals("c")) { // the wheel shows no list: dials prove the names
                for (String line : List.of(encrypted + " encrypted=true", clear + " encrypted=false")) {
                    proc.rewind();
                    proc.await(line, ("SERVICE " + line)::equals, Duration.ofSeconds(60));
                }
            }
            return proc.await("RESULT", line -> line.startsWith("RESULT list ok"), Duration.ofSeconds(60));
        }
    }

    private List<Client> clients() {
        List<Client> clients = new ArrayList<>();
        for (String lane : SDKS) {
            Client client = lanes.contains(lane) ? client(lane) : null;
            if (client != null) {
                clients.add(client);
            }
        }
        return clients;
    }

    /** Null, and told, where its program is not built. */
    private @Nullable Client client(String lane) {
        String name = lane.toUpperCase(java.util.Locale.ROOT);
        String command = System.getenv("LANE_" + name);
        if (command == null || command.isEmpty()) {
            String why = System.getenv("LANE_" + name + "_WHY");
            report.unavailable("lane/" + lane, why == null ? "its client program is not built" : why);
            return null;
        }
        return Client.of(lane, command, logs);
    }

    private Network network() throws IOException, InterruptedException {
        String attach = System.getenv("POSTERN_LANES_ATTACH");
        return attach == null || attach.isEmpty()
                ? PosternNetwork.start(root, work, logs, this::tunnel)
                : new AttachedNetwork(attach);
    }

    /** Router A hosts the container engine of the console lanes. */
    private List<String> tunnel(char which) {
        boolean hosts = which == 'A' && lanes.stream().anyMatch(ConsoleCells.LANES::contains);
        return hosts ? List.of("{ binding: tunnel, options: { mode: host } }") : List.of();
    }
}
