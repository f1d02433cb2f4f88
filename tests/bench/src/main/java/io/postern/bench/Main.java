package io.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Arguments: the project's folder, the name of a bench, and which parts of it when not all. Each figure is a line
 * {@code name<TAB>value<TAB>unit<TAB>goal}.
 */
final class Main {
    private Main() {}

    public static void main(String... arguments) throws Exception {
        if (arguments.length < 2) {
            System.err.println("which bench? data, dials, controller or console");
            System.exit(2);
        }
        Path root = Path.of(arguments[0]);
        Path work = Files.createTempDirectory("postern-bench");
        Set<String> parts = Set.of(Arrays.copyOfRange(arguments, 2, arguments.length));
        try {
            switch (arguments[1]) {
                case "data" -> DataBench.run(root, work, parts);
                case "dials" -> DialsBench.run(root, work);
                case "controller" -> ControllerBench.run(root, work, parts);
                case "console" -> ConsoleBench.run(root, work, parts);
                default -> {
                    System.err.println("no bench " + arguments[1] + ": data, dials, controller or console");
                    System.exit(2);
                }
            }
        } catch (Exception e) {
            System.err.println("bench failed, logs are in " + work + ": " + e);
            e.printStackTrace();
            System.exit(1);
        }
        delete(work);
        System.exit(0);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
