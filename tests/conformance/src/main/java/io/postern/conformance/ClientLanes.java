package io.postern.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of clients: each of them hosts and dials in one network. What kills processes of a network has one of its own where we
 * start them, for nothing else can go on in it meanwhile, and most of it is waiting for clients to notice.
 */
final class ClientLanes {
    private static final List<String> SDKS = List.of("go", "jvm", "c");

    private final Path root;
    private final List<String> lanes;
    private final Report report;
    private final Path work;
    private final Path logs;
    private final List<Client> clients;

    ClientLanes(Path root, List<String> lanes, Report report, Path work, Path logs) {
        this.root = root;
        this.lanes = lanes;
        this.report = report;
        this.work = work;
        this.logs = logs;
        List<Client> built = new ArrayList<>();
        for (String lane : SDKS) {
            Client client = lanes.contains(lane) ? client(lane, report, logs, work) : null;
            if (client != null) {
                built.add(client);
            }
        }
        this.clients = List.copyOf(built);
    }

    /** Null, and told, where its program is not built. */
    static @Nullable Client client(String lane, Report report, Path logs, Path work) {
        String name = lane.toUpperCase(Locale.ROOT);
        String command = System.getenv("LANE_" + name);
        if (command == null || command.isEmpty()) {
            String why = System.getenv("LANE_" + name + "_WHY");
            report.unavailable("lane/" + lane, why == null ? "its client program is not built" : why);
            return null;
        }
        return Client.of(lane, command, logs, work);
    }

    /** @param breaking whether what kills its processes is done here, too, towards the end */
    void run(Network network, boolean breaking) throws IOException, InterruptedException {
        World world = new World(network, work);
        try (Population people = populate(world, report::needed)) {
            List<Client> dialers = people.dialers();
            List<Host> hosts = people.hosts();
            new PairCells(world, report).run(dialers, hosts);
            new PathCell(world, report).run(dialers, hosts);
            new ContractCells(world, report).run(dialers);
            new BadInputCells(world, report).run(dialers);
            new StockCells(world, report, logs).run(lanes, dialers, hosts);
            if (lanes.contains("verbs")) {
                new VerbCells(world, report).run(root, logs, dialers, hosts);
            }
            LoginCells logins = new LoginCells(world, report);
            logins.run(dialers, hosts);
            if (breaking) {
                new BreakCells(world, report).run(dialers, hosts);
            }
            logins.off(dialers, hosts);
        }
    }

    /** What kills processes, in a network of its own. */
    void breaks() throws Exception {
        List<String> ready = clients.stream().map(Client::lane).toList();
        if (ready.isEmpty() || BreakCells.names(ready).stream().noneMatch(report::wants)) {
            return;
        }
        Path folder = Files.createDirectories(work.resolve("break"));
        Path own = Files.createDirectories(logs.resolve("break"));
        try (Network network = report.made(
                "breaks/network",
                attempt -> PosternNetwork.start(
                        root, Files.createDirectories(folder.resolve("network-" + attempt)), own))) {
            World world = new World(network, folder);
            try (Population people = populate(world, report::groundwork)) {
                new BreakCells(world, report).run(people.dialers(), people.hosts());
            }
        }
    }

    /** Clients that are enrolled, and those of them that host. */
    private record Population(List<Client> dialers, List<Host> hosts) implements AutoCloseable {
        @Override
        public void close() {
            hosts.forEach(Host::close);
        }
    }

    /** How what cells stand on is done: whether it held. */
    private interface Groundwork {
        boolean lay(String name, Report.Body body);
    }

    private Population populate(World world, Groundwork groundwork) {
        world.policies();
        Population people = new Population(new ArrayList<>(), new ArrayList<>());
        for (Client client : clients) {
            String lane = client.lane();
            boolean enrolled = groundwork.lay("enroll/" + lane, () -> {
                world.services(lane);
                world.enroll("host", client);
                world.enroll("dial", client);
                return "";
            });
            if (enrolled && groundwork.lay("list/" + lane, () -> list(world, client))) {
                people.dialers().add(client);
            }
        }
        for (Client client : people.dialers()) {
            groundwork.lay("host/" + client.lane(), () -> {
                people.hosts().add(Host.start(world, client));
                return "";
            });
        }
        return people;
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
}
