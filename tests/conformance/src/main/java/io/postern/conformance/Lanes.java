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
 * The conformance lanes: {@code Lanes ROOT [LANE…] [CELL…]}. Lanes are {@code jvm go c cli router verbs}, {@code k8s zun commands
 * browser console} and {@code quickstart}, all of them when none is named, and {@code replicas}; a word with a slash chooses cells
 * by their beginning or as a pattern ({@code pair/go-c/}, {@code break/.*}).
 * Prints one line per cell and last {@code N passed, N failed, N skipped}; exit 0 when nothing failed.
 *
 * <p>Lanes that share a network run one after another, for their cells look at all of it and break parts of it. Those of
 * clients, those of consoles and the quickstart's ends have a network each, and run at the same time: most of it is waiting.
 */
public final class Lanes {
    private static final String ATTACH = "POSTERN_LANES_ATTACH";
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
            ConsoleLane.NAME);
    /** Lanes with a network of clients. */
    private static final List<String> CLIENTS = List.of("go", "jvm", "c", "cli", "router", "verbs");

    private final Path root;
    private final List<String> lanes;
    private final Report report;
    private final Path work;
    private final Path logs;

    private Lanes(Path root, List<String> words) throws IOException {
        this.root = root;
        List<String> named = words.stream().filter(ALL::contains).toList();
        this.lanes = named.isEmpty()
                ? ALL.stream().filter(lane -> !lane.equals(REPLICAS)).toList()
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
        List<Thread> running = new ArrayList<>();
        if (lanes.stream().anyMatch(CLIENTS::contains)) {
            running.add(beside("clients", this::runClients));
        }
        if (lanes.contains(ConsoleLane.NAME) || lanes.stream().anyMatch(ConsoleCells.LANES::contains)) {
            running.add(beside("consoles", this::runConsoles));
        }
        if (lanes.contains(QUICKSTART)) {
            running.add(beside(QUICKSTART, new QuickstartCells(report, root, work, logs)::run));
        }
        for (Thread each : running) {
            each.join();
        }
        if (lanes.contains(REPLICAS)) {
            runReplicas();
        }
        return report.summary();
    }

    private interface Group {
        void run() throws IOException, InterruptedException;
    }

    /** What stops a group is told, and counted, as its network. */
    private Thread beside(String name, Group group) {
        return Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                group.run();
            } catch (RuntimeException | IOException | InterruptedException e) {
                report.mandatory(name + "/network", e);
            }
        });
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

    private void runConsoles() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(work.resolve("console"));
        ConsoleCells people = new ConsoleCells(root, folder, logs, report);
        List<String> ready = people.ready(lanes);
        boolean console = ConsoleLane.ready(lanes, report);
        if (ready.isEmpty() && !console) {
            return;
        }
        try (Network network = attached() ? network() : consoleNetwork(folder)) {
            if (!ready.isEmpty()) {
                people.run(ready, network);
            }
            if (console && network instanceof PosternNetwork own) {
                ConsoleLane.run(own, folder, consoleLogs(), report);
            } else if (console) {
                report.skip("console/all", "attached network");
            }
        }
    }

    /** Router A hosts container engines, and listens nowhere. */
    private PosternNetwork consoleNetwork(Path folder) throws IOException, InterruptedException {
        return PosternNetwork.start(
                root,
                folder,
                Files.createDirectories(consoleLogs()),
                which -> which == 'A' ? List.of("{ binding: tunnel, options: { mode: host } }") : List.of(),
                which -> which == 'A');
    }

    private Path consoleLogs() {
        return logs.resolve("console");
    }

    private void runClients() throws IOException, InterruptedException {
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
                new BreakCells(world, report).run(ready, serving);
                logins.off(ready, serving);
            } finally {
                hosts.values().forEach(Host::close);
            }
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

    private static boolean attached() {
        return !System.getenv().getOrDefault(ATTACH, "").isEmpty();
    }

    private Network network() throws IOException, InterruptedException {
        return attached() ? new AttachedNetwork(System.getenv(ATTACH)) : PosternNetwork.start(root, work, logs);
    }
}
