package io.postern.conformance;

import io.postern.testkit.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lanes of clients that want into containers: they share one world, and one look at the proxy's log. */
final class ConsoleCells {
    /** Lanes that need it. */
    static final List<String> LANES = List.of("k8s", "zun", "commands", "browser");

    private final Path root;
    private final Path work;
    private final Path logs;
    private final Network network;
    private final Report report;

    ConsoleCells(Path root, Path work, Path logs, Network network, Report report) {
        this.root = root;
        this.work = work;
        this.logs = logs;
        this.network = network;
        this.report = report;
    }

    void run(List<String> lanes) throws IOException, InterruptedException {
        List<String> ready = new ArrayList<>();
        String client = System.getenv("LANE_K8S");
        if (lanes.contains("k8s")) {
            if (client == null || client.isEmpty()) {
                report.unavailable("lane/k8s", String.valueOf(System.getenv("LANE_K8S_WHY")));
            } else {
                ready.add("k8s");
            }
        }
        if (lanes.contains("zun")) {
            if (ZunCells.missing().isEmpty()) {
                ready.add("zun");
            } else {
                report.unavailable("lane/zun", "not here: " + ZunCells.missing());
            }
        }
        if (lanes.contains("commands")) {
            ready.add("commands");
        }
        String browser = Browser.program();
        if (lanes.contains("browser")) {
            if (browser == null) {
                report.unavailable("lane/browser", "no Chromium");
            } else {
                ready.add("browser");
            }
        }
        if (ready.isEmpty()) {
            return;
        }
        if (TestEngine.missing().isPresent()) {
            ready.forEach(lane ->
                    report.unavailable("engine/" + lane, TestEngine.missing().get()));
            return;
        }
        try (ConsoleWorld world = new ConsoleWorld(root, work, logs, network, ready.contains("browser"))) {
            world.start();
            if (ready.contains("k8s")) {
                new KubernetesCells(world, report, logs, client).run();
            }
            if (ready.contains("zun")) {
                try (ZunCells zun = new ZunCells(world, report, logs, work)) {
                    zun.run();
                }
            }
            if (ready.contains("commands")) {
                try (CommandCells commands = new CommandCells(world, report, root, work)) {
                    commands.run(network.admin().base().toString());
                }
            }
            if (ready.contains("browser") && browser != null) {
                new BrowserCells(world, report, logs, work).run(browser);
            }
            report.cell("consoles/no-token-in-the-log", () -> {
                String log = Files.readString(world.proxyLog());
                if (log.contains("eyJ") || log.contains("token=") || log.contains("ticket=")) {
                    throw new Failed("the proxy's log holds a token or a ticket");
                }
                return log.lines().count() + " lines";
            });
        } catch (Failed e) {
            report.mandatory("consoles", e);
        }
    }
}
