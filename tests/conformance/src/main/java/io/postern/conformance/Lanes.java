package io.postern.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The conformance lanes: {@code Lanes ROOT [LANE…] [CELL…]}. Lanes are {@code jvm go c cli router verbs}, {@code k8s zun commands
 * browser console} and {@code quickstart}, all of them when none is named, and {@code replicas}; a word with a slash chooses cells
 * by their beginning or as a pattern ({@code pair/go-c/}, {@code break/.*}).
 * {@code --check} leaves out the cells that take minutes to show what shorter ones show in the small.
 * Prints one line per cell and last {@code N passed, N failed, N skipped}; exit 0 when nothing failed.
 *
 * <p>Lanes that share a network run one after another, for their cells look at all of it. Five groups, with networks of their own,
 * run at the same time, for most of each is waiting: clients; people in containers; consoles; ends of processes under the clients'
 * streams; and ends of the quickstart.
 */
public final class Lanes {
    private static final String ATTACH = "POSTERN_LANES_ATTACH";
    private static final String REPLICAS = "replicas";
    private static final String QUICKSTART = "quickstart";
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
    /** Leaves out {@link #LONG}. */
    private static final String CHECK = "--check";
    /** Bulk on paths that others take with less, and peers that do not read for most of a minute. */
    private static final Pattern LONG =
            Pattern.compile("k8s/(attach-)?64-mib-both-ways-terminal|commands/stalls|console/freeze");

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
                .filter(word -> !ALL.contains(word) && !word.equals(CHECK))
                .map(Pattern::compile)
                .toList();
        boolean whole = !words.contains(CHECK);
        Predicate<String> chosen = name -> (whole || !LONG.matcher(name).matches())
                && (patterns.isEmpty()
                        || patterns.stream().anyMatch(p -> p.matcher(name).lookingAt()));
        this.report = new Report(chosen, Duration.ofMinutes(minutes()), "true".equals(System.getenv("CI")));
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
        boolean clients = lanes.stream().anyMatch(CLIENTS::contains);
        ClientLanes ofClients = new ClientLanes(root, clients ? lanes : List.of(), report, work, logs);
        if (clients) {
            running.add(beside("clients", () -> {
                try (Network network = network()) {
                    ofClients.run(network, attached());
                }
            }));
        }
        running.add(beside("people", this::runPeople));
        running.add(beside("consoles", this::runConsoles));
        if (!attached()) {
            running.add(beside("breaks", ofClients::breaks));
        }
        if (lanes.contains(QUICKSTART)) {
            running.add(beside("quickstarts", () -> new QuickstartCells(report, root, work, logs).run()));
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
        void run() throws Exception;
    }

    /** What stops a group is told, and counted, as its network. */
    private Thread beside(String name, Group group) {
        return Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                group.run();
            } catch (Exception e) {
                report.mandatory(name + "/network", e);
            }
        });
    }

    /** Two controllers; one client is enough, for it is the controllers that differ here. */
    private void runReplicas() {
        Client client = ClientLanes.client("go", report, logs, work);
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

    /** What people and their tools do in containers. */
    private void runPeople() throws Exception {
        Path folder = Files.createDirectories(work.resolve("people"));
        ConsoleCells people = new ConsoleCells(root, folder, logs, report);
        List<String> ready = people.ready(lanes);
        if (ready.isEmpty()) {
            return;
        }
        try (Network network = attached() ? network() : consoleNetwork("people", folder, logs.resolve("people"))) {
            people.run(ready, network);
        }
    }

    private void runConsoles() throws Exception {
        if (!ConsoleLane.ready(lanes, report)) {
            return;
        }
        if (attached()) {
            report.skip("console/all", "attached network");
            return;
        }
        Path folder = Files.createDirectories(work.resolve(ConsoleLane.NAME));
        Path own = logs.resolve(ConsoleLane.NAME);
        try (PosternNetwork network = consoleNetwork("consoles", folder, own)) {
            ConsoleLane.run(network, folder, own, report);
        }
    }

    /** Router A hosts container engines, and listens nowhere. */
    private PosternNetwork consoleNetwork(String group, Path folder, Path own) throws Exception {
        Files.createDirectories(own);
        return report.made(
                group + "/network",
                attempt -> PosternNetwork.start(
                        root,
                        Files.createDirectories(folder.resolve("network-" + attempt)),
                        own,
                        which -> which == 'A' ? List.of("{ binding: tunnel, options: { mode: host } }") : List.of(),
                        which -> which == 'A'));
    }

    private static boolean attached() {
        return !System.getenv().getOrDefault(ATTACH, "").isEmpty();
    }

    private Network network() throws Exception {
        if (attached()) {
            return new AttachedNetwork(System.getenv(ATTACH));
        }
        return report.made(
                "clients/network",
                attempt ->
                        PosternNetwork.start(root, Files.createDirectories(work.resolve("network-" + attempt)), logs));
    }
}
