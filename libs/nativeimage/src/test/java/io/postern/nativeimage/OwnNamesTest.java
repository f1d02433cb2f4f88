package io.postern.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The lists of all modules, held against the sources: what they name of ours is there, and what Jackson writes is in them. */
class OwnNamesTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final List<Path> MODULES = Stream.of(
                    "libs/nativeimage",
                    "libs/api",
                    "libs/client",
                    "libs/fabric",
                    "libs/observe",
                    "libs/pki",
                    "libs/trace",
                    "libs/transport",
                    "controller",
                    "edge-router",
                    "ws-proxy",
                    "cli")
            .map(ROOT::resolve)
            .toList();

    private static final Set<String> WRITTEN_BY_THE_BUILD = Set.of(
            "resource io/postern/controller/front/openapi.json",
            "resource io/postern/controller/front/openapi.yaml",
            "resource META-INF/services/io.avaje.validation.spi.ValidationExtension",
            "reflect io.postern.controller.valid.GeneratedValidatorComponent=");

    private static List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path module : MODULES) {
            Path list = module.resolve("src/main/resources").resolve(KeepList.RESOURCE);
            if (Files.exists(list)) {
                Files.readAllLines(list).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    private static boolean isThere(String pathInModule) {
        return MODULES.stream().anyMatch(module -> Files.exists(module.resolve(pathInModule)));
    }

    @Test
    void whatIsOursIsInTheSources() throws IOException {
        List<String> gone = new ArrayList<>();
        for (String line : lines()) {
            if (WRITTEN_BY_THE_BUILD.contains(line)) {
                continue;
            }
            String name = line.substring(line.indexOf(' ') + 1);
            if (line.startsWith("resource ")) {
                boolean library = name.startsWith("META-INF/native/") || name.startsWith("postgres-");
                if (!library && !isThere("src/main/resources/" + name)) {
                    gone.add(line);
                }
            } else if (name.startsWith("io.postern.") && !name.contains(".pb.")) {
                String path = "src/main/java/" + name.replace("=", ".java").replaceAll("\\.(?!java$)", "/");
                if (!isThere(path)) {
                    gone.add(line);
                }
            }
        }
        assertThat(gone).isEmpty();
    }

    @Test
    void everyResourceThatAProcessReadsIsKept() throws IOException {
        List<String> read = new ArrayList<>();
        for (Path module : MODULES) {
            Path resources = module.resolve("src/main/resources");
            if (Files.isDirectory(resources)) {
                try (Stream<Path> files = Files.walk(resources)) {
                    files.filter(Files::isRegularFile)
                            .map(file -> resources.relativize(file).toString())
                            .filter(OwnNamesTest::isUnknownToThePlatform)
                            .map(file -> "resource " + file)
                            .forEach(read::add);
                }
            }
        }
        assertThat(read).isNotEmpty();
        assertThat(lines()).containsAll(read);
    }

    private static boolean isUnknownToThePlatform(String file) {
        return !file.startsWith("META-INF/")
                && !file.startsWith("db/migration/")
                && !file.equals("application.properties");
    }

    /** Refusals are no method's return type, so nothing else tells native-image that their records are written. */
    @Test
    void everyBodyOfTheControllersApiIsKept() throws IOException {
        assertThat(lines()).contains("body io.postern.api.", "body io.postern.controller.");
    }
}
