package io.postern.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Processes killed and started again under open streams (checklist C14, client sheet section 5). */
final class BreakCells {
    /** The JVM client now and then hears nothing of a broken channel and ends by its own limit, after a minute. */
    private static final Duration NOTICED = Duration.ofSeconds(180);

    private static final Duration USABLE = Duration.ofSeconds(180);

    private static final String CONTROLLER = "break/controller";
    private static final String DIALING = "break/router-dialing";
    private static final String HOSTING = "break/router-hosting";
    private static final String THEN = "-then-";
    private static final String THEN_DIAL = CONTROLLER + THEN + "dial-";
    private static final String JVM_CLOSES = HOSTING + "-jvm-closes";

    private final World world;
    private final Report report;
    private final PairCells pairs;

    BreakCells(World world, Report report) {
        this.world = world;
        this.report = report;
        this.pairs = new PairCells(world, report);
    }

    /** All cells' names where these lanes host and dial. */
    static List<String> names(List<String> lanes) {
        List<String> names = new ArrayList<>(List.of(CONTROLLER, DIALING, HOSTING, JVM_CLOSES));
        for (String after : List.of(THEN_DIAL, DIALING + THEN, HOSTING + THEN)) {
            lanes.forEach(lane -> names.add(after + lane + "-" + lane));
        }
        return names;
    }

    void run(List<Client> dialers, List<Host> hosts) {
        if (dialers.isEmpty() || hosts.isEmpty()) {
            return;
        }
        if (!world.network().breakable()) {
            report.skip(CONTROLLER, "attached network");
            report.skip(DIALING, "attached network");
            report.skip(HOSTING, "attached network");
            return;
        }
        controller(dialers, hosts);
        dialingRouter(dialers, hosts);
        hostingRouter(dialers, hosts);
    }

    /** Killing the controller cuts no circuit; a restarted one finds the live circuits and serves new dials. */
    private void controller(List<Client> dialers, List<Host> hosts) {
        boolean[] up = {true};
        report.cell(CONTROLLER, () -> {
            Network network = world.network();
            List<Stream> streams = streams(dialers, hosts, 300);
            try {
                Set<String> before = PathCell.circuits(network).keySet();
                network.killController();
                up[0] = false;
                for (Stream stream : streams) {
                    stream.ticks(50, NOTICED);
                }
                network.startController();
                up[0] = true;
                for (Stream stream : streams) {
                    stream.ticks(20, NOTICED);
                }
                awaitCircuits(network, before);
                return streams.size() + " streams went on, " + before.size() + " circuits known again";
            } finally {
                streams.forEach(Stream::close);
                if (!up[0]) {
                    network.startController();
                }
            }
        });
        redial(THEN_DIAL, dialers, hosts);
    }

    private static void awaitCircuits(Network network, Set<String> before) throws InterruptedException {
        Set<String> missing = new HashSet<>(before);
        Await.that("every circuit at the restarted controller", NOTICED)
                .until(
                        () -> {
                            missing.removeAll(PathCell.circuits(network).keySet());
                            return missing;
                        },
                        Set::isEmpty);
    }

    /** The dialers' router dies: the streams end on both sides, hosts stay, new dials work when it is back. */
    private void dialingRouter(List<Client> dialers, List<Host> hosts) {
        report.cell(DIALING, () -> broken('B', dialers, hosts));
        redial(DIALING + THEN, dialers, hosts);
    }

    /** The hosts' router dies: Go and C hosts bind again by themselves, the 2021 JVM host closes and is started anew. */
    private void hostingRouter(List<Client> dialers, List<Host> hosts) {
        report.cell(HOSTING, () -> broken('A', dialers, hosts));
        for (Host host : hosts) {
            if (host.lane().equals("jvm")) {
                report.cell(JVM_CLOSES, () -> {
                    String line = host.proc().await("closed", text -> text.startsWith("closed "), NOTICED);
                    host.restart();
                    return line;
                });
            }
        }
        redial(HOSTING + THEN, dialers, hosts);
    }

    private String broken(char router, List<Client> dialers, List<Host> hosts) throws Exception {
        List<Stream> streams = streams(dialers, hosts, 300);
        try {
            world.network().killRouter(router);
            long began = System.nanoTime();
            try {
                for (Stream stream : streams) {
                    String result = stream.ended(NOTICED);
                    if (!result.startsWith("RESULT dial failed")) {
                        throw new Failed("a stream did not notice: " + result);
                    }
                }
            } finally {
                world.network().startRouter(router);
            }
            return streams.size() + " streams ended, the last "
                    + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s after the kill and restart";
        } finally {
            streams.forEach(Stream::close);
        }
    }

    /** One stream per dialer, hosts in turn, so that every client is on both sides when all three run. */
    private List<Stream> streams(List<Client> dialers, List<Host> hosts, int seconds)
            throws IOException, InterruptedException {
        List<Stream> streams = new ArrayList<>();
        try {
            for (int i = 0; i < dialers.size(); i++) {
                Host host = hosts.get((i + 1) % hosts.size());
                streams.add(Stream.open(world, dialers.get(i), host, i % 2 == 0, seconds));
            }
        } catch (Failed | IOException | InterruptedException e) {
            streams.forEach(Stream::close);
            throw e;
        }
        return streams;
    }

    private void redial(String name, List<Client> dialers, List<Host> hosts) {
        for (int i = 0; i < hosts.size(); i++) {
            Host host = hosts.get(i);
            Client dialer = dialers.get(i % dialers.size());
            AtomicInteger tries = new AtomicInteger();
            report.cell(name + dialer.lane() + "-" + host.lane(), () -> {
                if (tries.getAndIncrement() > 0) {
                    host.restart(); // a C host (0.29) that came while its router was away may never come again:
                    // told as a flake
                }
                long began = System.nanoTime();
                Await.that("a dial that works again", USABLE)
                        .every(Duration.ofSeconds(1))
                        .succeeds(() -> pairs.dial(dialer, host, true, 'E', PairCells.HALF));
                return "usable after "
                        + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s";
            });
        }
    }
}
