package io.postern.conformance;

import io.postern.testkit.engine.TestEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lane {@code console}: containers of a real engine, through two routers, over WebSockets. */
final class ConsoleLane {
    static final String NAME = "console";

    private ConsoleLane() {}

    static boolean ready(List<String> lanes, Report report) {
        if (!lanes.contains(NAME)) {
            return false;
        }
        Optional<String> missing = TestEngine.missing();
        missing.ifPresent(why -> report.unavailable("lane/console", why));
        return missing.isEmpty();
    }

    /** @param network router A hosts, and listens nowhere */
    static void run(PosternNetwork network, Path work, Path logs, Report report)
            throws IOException, InterruptedException {
        try (ConsoleNetwork console = ConsoleNetwork.start(network, work, logs)) {
            List<String> options = new ArrayList<>(List.of("-i", "--name", "web-1"));
            if (TestEngine.isPodman()) {
                // it ends the input of a process without a terminal as soon as one who was attached leaves
                options.add("-t");
            }
            String container = console.engine().container(options, "sh", "-c", "while read x; do echo \"$x\"; done");
            ConsoleRightsCells cells = new ConsoleRightsCells(console, report);
            cells.run(container);
            new ConsoleRecordingCells(console, report).run(container);
            new ConsoleStopCells(console, report).run(container);
            new ConsoleBreakCells(console, report).run(container);
            cells.audit();
            cells.secrets();
        }
    }
}
