package io.postern.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Lanes that need a stock binary, told by {@code POSTERN_STOCK_ZITI}: the command line tool and the Go edge router. */
final class StockCells {
    private final Path root;
    private final World world;
    private final Report report;
    private final Path logs;

    StockCells(Path root, World world, Report report, Path logs) {
        this.root = root;
        this.world = world;
        this.report = report;
        this.logs = logs;
    }

    void run(List<String> lanes, List<Client> clients) {
        String told = System.getenv("POSTERN_STOCK_ZITI");
        if (told == null || !Files.isExecutable(Path.of(told))) {
            for (String lane : List.of("cli", "router")) {
                if (lanes.contains(lane)) {
                    report.skip(lane + "/all", "POSTERN_STOCK_ZITI names no stock program");
                }
            }
            return;
        }
    }
}
