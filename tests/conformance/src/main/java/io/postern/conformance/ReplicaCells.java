package io.postern.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.conformance.ReplicaNetwork.Which;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Several controllers over one database, each killed in turn, under a stock client behind the balancer. */
final class ReplicaCells {
    private static final Duration USABLE = Duration.ofSeconds(120);

    private final Path root;
    private final Path work;
    private final Path logs;
    private final Report report;

    ReplicaCells(Path root, Path work, Path logs, Report report) {
        this.root = root;
        this.work = work;
        this.logs = logs;
        this.report = report;
    }

    void run(Client client) throws IOException, InterruptedException {
        if (!report.wants("replicas/")) {
            return;
        }
        try (ReplicaNetwork network = ReplicaNetwork.prepare(root, work, logs)) {
            World world = new World(network, work.resolve("replicas"));
            boolean up = report.cell("replicas/first-start-raced", () -> firstStart(network))
                    && report.cell("replicas/routers-at-both", () -> routers(network))
                    && report.cell("replicas/one-session-at-both", () -> session(network))
                    && report.cell("replicas/client-behind-balancer", () -> enroll(world, client));
            if (up) {
                Host host = Host.start(world, client);
                try {
                    PairCells pairs = new PairCells(world, report);
                    for (Which victim : Which.values()) {
                        report.cell(
                                "replicas/kill-" + victim.id(),
                                () -> kill(network, world, client, host, pairs, victim));
                    }
                    report.cell("replicas/revoked-through-the-other", () -> revoked(network, world, client, host));
                } finally {
                    host.close();
                }
            }
        }
    }

    /** Two controllers start at once on an empty database: one root, one signer, one administrator. */
    private static String firstStart(ReplicaNetwork network) throws Exception {
        for (Which which : Which.values()) {
            network.launch(which);
        }
        for (Which which : Which.values()) {
            network.awaitServing(which);
        }
        Set<String> bundles = new java.util.HashSet<>();
        for (Which which : Which.values()) {
            bundles.add(network.direct(which)
                    .call("GET", "/.well-known/est/cacerts", null)
                    .body()
                    .path("text")
                    .asText());
        }
        long roots = network.count("select count(*) from pki_key where role = 'root'");
        long signers = network.count("select count(*) from pki_key where role = 'intermediate'");
        long administrators = network.count("select count(*) from identity where is_default_admin");
        if (bundles.size() != 1 || roots != 1 || signers != 1 || administrators != 1) {
            throw new Failed(bundles.size() + " bundles, " + roots + " roots, " + signers + " signers, "
                    + administrators + " administrators");
        }
        network.loginAgain();
        return "one of each";
    }

    /** Routers that know the balancer alone have a channel to each controller. */
    private static String routers(ReplicaNetwork network) throws IOException, InterruptedException {
        network.enroll('A');
        network.enroll('B');
        for (Which which : Which.values()) {
            network.awaitComplete(which);
        }
        return "";
    }

    /** What one controller issued, the other takes; what one wrote, the other shows. */
    private static String session(ReplicaNetwork network) {
        Rest first = network.direct(Which.FIRST);
        first.login(network.credentials().user(), network.credentials().password());
        Rest second = network.direct(Which.SECOND);
        second.use(first.token());
        String id = first.create(
                "services", Rest.object().put("name", "seen-by-both").put("encryptionRequired", true));
        String name =
                second.get(Rest.MANAGEMENT + "/services/" + id).path("name").asText();
        Rest.expect("delete", second.call("DELETE", Rest.MANAGEMENT + "/services/" + id, null), 200);
        Rest.expect("gone", first.call("GET", Rest.MANAGEMENT + "/services/" + id, null), 404);
        return name;
    }

    private static String enroll(World world, Client client) throws IOException, InterruptedException {
        world.policies();
        world.services(client.lane());
        world.enroll("host", client);
        world.enroll("dial", client);
        return "";
    }

    private String kill(ReplicaNetwork network, World world, Client client, Host host, PairCells pairs, Which victim)
            throws Exception {
        for (Which which : Which.values()) {
            network.awaitComplete(which);
        }
        try (Stream stream = Stream.open(world, client, host, true, 600)) {
            Set<String> circuits = PathCell.circuits(network).keySet();
            network.kill(victim);
            long began = System.nanoTime();
            String usable = "login " + until(began, network::loginAgain)
                    + ", change " + until(began, () -> change(network, victim))
                    + ", dial " + until(began, () -> pairs.dial(client, host, true, 'E', PairCells.HALF));
            stream.ticks(20, Duration.ofSeconds(60));
            awaitOwned(network, victim);
            Set<String> known = PathCell.circuits(network).keySet();
            if (circuits.isEmpty() || !known.containsAll(circuits)) {
                throw new Failed("circuits " + circuits + " are not all known to the other: " + known);
            }
            network.launch(victim);
            network.awaitServing(victim);
            network.awaitComplete(victim);
            network.loginAgain();
            pairs.dial(client, host, true, 'E', PairCells.HALF);
            stream.ticks(5, Duration.ofSeconds(60));
            return usable;
        }
    }

    /** Circuits of the dead controller become the other one's. */
    private static void awaitOwned(ReplicaNetwork network, Which victim) throws Exception {
        String sql = "select count(*) from circuit where controller_id = '" + victim.id() + "'";
        Await.that("no circuit of " + victim.id() + " left", USABLE).until(() -> network.count(sql), left -> left == 0);
    }

    private static void change(ReplicaNetwork network, Which victim) {
        ObjectNode service =
                Rest.object().put("name", "made-without-" + victim.id()).put("encryptionRequired", true);
        service.putArray("roleAttributes").add("made-without");
        network.admin().create("services", service);
    }

    private interface Act {
        void run() throws Exception;
    }

    /** Tries until it works; since when, as text. */
    private static String until(long began, Act act) throws Exception {
        Await.that("what works without the dead controller", USABLE).holds(() -> {
            act.run();
            return true;
        });
        return "%.1f s".formatted((System.nanoTime() - began) / 1e9);
    }

    /** An identity is disabled at each controller in turn: its streams end, whichever controller its router follows. */
    private static String revoked(ReplicaNetwork network, World world, Client client, Host host) throws Exception {
        String identity = world.identityId("dial", client.lane());
        for (Which which : Which.values()) {
            Rest direct = network.direct(which);
            direct.login(network.credentials().user(), network.credentials().password());
            try (Stream stream = Stream.open(world, client, host, true, 300)) {
                Rest.expect(
                        "disable",
                        direct.call(
                                "POST",
                                Rest.MANAGEMENT + "/identities/" + identity + "/disable",
                                "{\"durationMinutes\":0}",
                                "application/json",
                                Map.of()),
                        200);
                String result = stream.ended(Duration.ofSeconds(60));
                if (!result.startsWith("RESULT dial failed")) {
                    throw new Failed("a stream of a disabled identity ended well: " + result);
                }
            }
            Rest.expect(
                    "enable",
                    direct.call("POST", Rest.MANAGEMENT + "/identities/" + identity + "/enable", Rest.object()),
                    200);
        }
        return "at " + List.of(Which.values());
    }
}
