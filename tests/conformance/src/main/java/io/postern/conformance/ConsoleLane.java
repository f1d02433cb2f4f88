package io.postern.conformance;

import io.postern.testkit.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The lane {@code console}: containers of a real engine, through two routers, over WebSockets. */
final class ConsoleLane {
    private ConsoleLane() {}

    static void run(Path root, Path work, Path logs, Report report) throws IOException, InterruptedException {
        if (!report.wants("console/")) {
            return;
        }
        Optional<String> missing = TestEngine.missing();
        if (missing.isPresent()) {
            report.unavailable("lane/console", missing.get());
            return;
        }
        Files.createDirectories(work);
        Files.createDirectories(logs);
        try (ConsoleNetwork console = ConsoleNetwork.start(root, work, logs)) {
            String container = console.engine()
                    .container(List.of("-i", "--name", "web-1"), "sh", "-c", "while read x; do echo \"$x\"; done");
            ConsoleRightsCells cells = new ConsoleRightsCells(console, report);
            cells.run(container);
            new ConsoleStopCells(console, report).run(container);
            new ConsoleBreakCells(console, report).run(container);
            cells.audit();
            cells.secrets();
        } catch (RuntimeException e) {
            report.mandatory("console/network", e);
        }
    }
}
