package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher's scripts give the JVM, by its version: an unknown flag would keep it from starting at all. */
class LauncherTest {
    /** Stands for {@code java}: notes how it was called, and leaves the cache that it is asked for. */
    private static final String JAVA = """
            #!/bin/sh
            for each in "$@"; do
              case "$each" in
                -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) printf "$NOTE" >"${each#*=}" ;;
              esac
            done
            echo "$@" >>"$(dirname "$0")/../calls"
            """;

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void aBuiltTree() throws IOException {
        root = folder.resolve("tree");
        Path app = root.resolve("cli/target/quarkus-app");
        for (String each : List.of("app/cli.jar", "lib/boot/boot.jar", "lib/main/info.picocli.picocli.jar")) {
            Files.createDirectories(app.resolve(each).getParent());
            Files.writeString(app.resolve(each), "");
        }
        Files.writeString(app.resolve("quarkus-run.jar"), "");
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** All calls of {@code java} of a JDK of this version, in their order; the last one is the verb's own. */
    private List<String> calls(String version, String note, String... arguments)
            throws IOException, InterruptedException {
        Path jdk = folder.resolve("jdk-" + version);
        program(jdk.resolve("bin/java"), JAVA);
        program(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"any\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path scripts = Path.of("../scripts").toAbsolutePath();
        ProcessBuilder bash = new ProcessBuilder(
                "bash",
                "-euc",
                "root=$1; . $2/jdk.sh; . $2/command.sh; shift 2; run_command \"$@\"",
                "postern",
                root.toString(),
                scripts.toString());
        bash.command().addAll(List.of(arguments));
        bash.environment().put("JAVA_HOME", jdk.toString());
        bash.environment().put("NOTE", note);
        bash.environment().remove("POSTERN_JAVA_OPTS");
        Process process = bash.redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("said")))
                .isZero();
        return Files.readAllLines(jdk.resolve("calls"));
    }

    @Test
    void aCacheOfTheKindThatTheVersionHas() throws IOException, InterruptedException {
        for (String version : List.of("21.0.8", "22.0.2", "23", "24.0.1")) {
            List<String> calls = calls(version, "cache", "list", "services");
            String major = version.substring(0, 2);
            assertThat(calls)
                    .noneMatch(call -> call.contains("AOT") || call.contains("Reframe"))
                    .anyMatch(call -> call.contains("-XX:ArchiveClassesAtExit="));
            assertThat(calls.getLast())
                    .contains("-XX:SharedArchiveFile=" + root + "/cli/target/quarkus-app/command/" + major + ".jsa")
                    .endsWith("io.postern.cli.Main list services");
        }
        for (String version : List.of("25", "26.0.1")) {
            List<String> calls = calls(version, "cache", "list", "services");
            assertThat(calls).noneMatch(call -> call.contains("ArchiveClassesAtExit"));
            assertThat(calls.getFirst()).contains("Reframe.java");
            assertThat(calls.getLast())
                    .contains("-XX:AOTCache=" + root + "/cli/target/quarkus-app/command/" + version.substring(0, 2))
                    .doesNotContain("SharedArchiveFile");
        }
    }

    @Test
    void aFlagOnlyWhereTheVersionKnowsIt() throws IOException, InterruptedException {
        String flag = "--sun-misc-unsafe-memory-access=allow";
        assertThat(calls("21.0.8", "cache", "--version").getLast()).doesNotContain(flag);
        assertThat(calls("22", "cache", "--version").getLast()).doesNotContain(flag);
        assertThat(calls("23.0.1", "cache", "--version").getLast()).contains(flag);
        assertThat(calls("25.0.1", "cache", "--version").getLast()).contains(flag);
    }

    @Test
    void withoutACacheItStartsAllTheSameAndDoesNotTryAgain() throws IOException, InterruptedException {
        int first = calls("25", "", "--version").size();
        List<String> calls = calls("25", "", "--version");
        assertThat(calls).hasSize(first + 1);
        assertThat(calls.getLast()).doesNotContain("AOT").endsWith("io.postern.cli.Main --version");
    }

    @Test
    void aStreamThatTheCallerClosedIsOpenedOnNothing() throws IOException, InterruptedException {
        Path seen = folder.resolve("seen");
        Path script = Files.writeString(folder.resolve("script"), """
                set -euo pipefail
                . "$1"
                for n in 0 1 2; do readlink /proc/$$/fd/$n; done >"$2"
                """);
        for (String closed : List.of("<&-", ">&-", "<&- >&- 2>&-")) {
            Process process = new ProcessBuilder(
                            "bash",
                            "-c",
                            "bash \"$@\" " + closed,
                            "postern",
                            script.toString(),
                            Path.of("../scripts/streams.sh").toAbsolutePath().toString(),
                            seen.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readAllLines(seen))
                    .as(closed)
                    .hasSize(3)
                    .allMatch(each -> List.of("/dev/null", seen.toString()).contains(each) || each.startsWith("pipe:"));
        }
    }

    @Test
    void namesOfFilesAreUtf8WhereNothingIsSaidOfIt() throws IOException, InterruptedException {
        assertThat(characters(Map.of())).isEqualTo("C.UTF-8");
        assertThat(characters(Map.of("LANG", "POSIX"))).isEqualTo("C.UTF-8");
        assertThat(characters(Map.of("LANG", "de_DE.UTF-8", "LC_ALL", "C"))).isEqualTo("C.UTF-8");
        assertThat(characters(Map.of("LANG", "de_DE.ISO-8859-1"))).isEqualTo("de_DE.ISO-8859-1");
        assertThat(characters(Map.of("LC_CTYPE", "en_GB.UTF-8"))).isEqualTo("en_GB.UTF-8");
    }

    /** The locale of characters that a JVM of the launcher's sees. */
    private String characters(Map<String, String> locale) throws IOException, InterruptedException {
        ProcessBuilder bash = new ProcessBuilder(
                "bash",
                "-euc",
                ". \"$1\"; echo \"${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}\"",
                "postern",
                Path.of("../scripts/jdk.sh").toAbsolutePath().toString());
        bash.environment().keySet().removeIf(name -> name.equals("LANG") || name.startsWith("LC_"));
        bash.environment().putAll(locale);
        Path said = folder.resolve("characters");
        Process process =
                bash.redirectErrorStream(true).redirectOutput(said.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(said).strip();
    }

    @Test
    void verbsThatCarryBytesGetTheSecondCompiler() throws IOException, InterruptedException {
        assertThat(calls("25", "cache", "tunnel", "-i", "x").getLast()).contains("-XX:TieredStopAtLevel=4");
        assertThat(calls("25", "cache", "list", "services").getLast()).doesNotContain("-XX:TieredStopAtLevel=4");
    }
}
