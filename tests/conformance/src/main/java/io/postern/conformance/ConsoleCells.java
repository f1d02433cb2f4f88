package io.postern.conformance;

import io.postern.testkit.engine.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lanes of clients that want into containers: they share one world, and one look at the proxy's log. */
final class ConsoleCells {
    private final Path root;
    private final Path work;
    private final Path logs;
    private final Report report;
    private final @Nullable String browser = Browser.program();

    ConsoleCells(Path root, Path work, Path logs, Report report) {
        this.root = root;
        this.work = work;
        this.logs = logs;
        this.report = report;
    }

    /** Which of these lanes have what they need; the others are told of. */
    List<String> ready(List<String> lanes) {
        List<String> ready = new ArrayList<>();
        if (lanes.contains("k8s")) {
            if (client().isEmpty()) {
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
        if (lanes.contains("browser")) {
            if (browser == null) {
                report.unavailable("lane/browser", "no Chromium");
            } else {
                ready.add("browser");
            }
        }
        if (!ready.isEmpty() && TestEngine.missing().isPresent()) {
            String why = TestEngine.missing().get();
            ready.forEach(lane -> report.unavailable("engine/" + lane, why));
            return List.of();
        }
        return ready;
    }

    private static String client() {
        return System.getenv().getOrDefault("LANE_K8S", "");
    }

    void run(List<String> ready, Network network) throws IOException, InterruptedException {
        try (ConsoleWorld world = new ConsoleWorld(root, work, logs, network, ready.contains("browser"))) {
            world.start();
            if (ready.contains("k8s")) {
                new KubernetesCells(world, report, logs, client()).run();
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
            report.mandatory("consoles/world", e);
        }
    }
}
