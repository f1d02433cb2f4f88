package io.postern.controller.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {
    private static final boolean CI = "true".equals(System.getenv("CI"));

    @TempDir
    Path folder;

    /** Whichever of the two a machine takes, the server is the same one, and whoever runs it may read it. */
    @Test
    void theSystemUnpacksWhatAJvmDoes() throws IOException, InterruptedException {
        assumeTrue(CI || has("tar") && has("xz"), "no tar or no xz here"); // in CI that is a failure
        String resource = PostgresBinaries.resource();
        Path system = Files.createDirectory(folder.resolve("system"));
        assertThat(PostgresBinaries.unpackByTheSystem(resource, system)).isTrue();
        Path own = Files.createDirectory(folder.resolve("own"));
        PostgresBinaries.unpackHere(resource, own);
        assertThat(files(system)).isEqualTo(files(own)).containsKey("bin/postgres");

        Path home = PostgresBinaries.unpack(folder);
        try (var all = Files.walk(home)) {
            assertThat(all.filter(path -> !Files.isSymbolicLink(path))).allMatch(PostgresBinariesTest::isReadableByAll);
        }
    }

    private static boolean has(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isReadableByAll(Path path) {
        String permissions = permissions(path);
        return permissions.endsWith(Files.isDirectory(path) ? "r-x" : permissions.contains("x") ? "r-x" : "r--");
    }

    /** What each is: a file's rights and length, a link's target. */
    private static Map<String, String> files(Path home) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (var all = Files.walk(home)) {
            for (Path path : all.filter(each -> !Files.isDirectory(each) || Files.isSymbolicLink(each))
                    .toList()) {
                files.put(
                        home.relativize(path).toString(),
                        Files.isSymbolicLink(path)
                                ? "to " + Files.readSymbolicLink(path)
                                : permissions(path) + " " + Files.size(path));
            }
        }
        return files;
    }

    private static String permissions(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new AssertionError(path.toString(), e);
        }
    }
}
