package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Lets each shell itself complete. */
class CompletionTest {
    @TempDir
    Path folder;

    private Path script(String shell) throws IOException {
        StringWriter out = new StringWriter();
        CommandLine line = CommandLines.prepared(new Postern(), "completion", shell);
        line.setOut(new PrintWriter(out, true));
        assertThat(line.execute("completion", shell)).isZero();
        return Files.writeString(folder.resolve("postern." + shell), out.toString());
    }

    private List<String> run(String... command) throws IOException, InterruptedException {
        Path told = folder.resolve("told");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .directory(folder.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail("the shell does not end");
        }
        return Arrays.asList(Files.readString(told, StandardCharsets.UTF_8).split("\\s+"));
    }

    /** A shell that is missing is a failure in CI, which installs it, and else a reason not to test. */
    private static void needs(String shell) {
        boolean there = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(each -> Files.isExecutable(Path.of(each, shell)));
        if (!there && "true".equals(System.getenv("CI"))) {
            fail("CI has no " + shell);
        }
        assumeTrue(there, "no " + shell + " on the PATH");
    }

    private List<String> bash(String... words) throws IOException, InterruptedException {
        Path script = script("bash");
        String array = String.join(" ", words);
        return run(
                "bash",
                "--norc",
                "-c",
                "source " + script + "; COMP_WORDS=(postern " + array + "); COMP_CWORD=" + words.length
                        + "; _complete_postern 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"");
    }

    @Test
    void bashCompletesVerbsKindsAndValues() throws IOException, InterruptedException {
        needs("bash");
        assertThat(bash("li")).containsExactly("list");
        assertThat(bash("list", "edge-router-")).contains("edge-router-policies");
        assertThat(bash("list", "services", "--fil")).contains("--filter");
        assertThat(bash("profile", "re")).contains("remove");
        assertThat(bash("list", "services", "-o", "ya")).contains("yaml");
    }

    @Test
    void zshTakesTheSameScript() throws IOException, InterruptedException {
        needs("zsh");
        Path script = script("zsh");
        List<String> told = run(
                "zsh",
                "-f",
                "-c",
                "autoload -U +X compinit && compinit -u -d " + folder.resolve("dump") + "; source " + script
                        + "; print -r -- ${_comps[postern]}; COMP_WORDS=(postern li); COMP_CWORD=1; setopt ksharrays;"
                        + " _complete_postern; print -r -- ${COMPREPLY[@]}");
        assertThat(told).contains("list");
        assertThat(String.join(" ", told)).contains("_complete_postern");
    }

    @Test
    void fishCompletesVerbsKindsAndValues() throws IOException, InterruptedException {
        needs("fish");
        Path script = script("fish");
        assertThat(fish(script, "postern li")).contains("list");
        assertThat(fish(script, "postern list edge-router-")).contains("edge-router-policies");
        assertThat(fish(script, "postern list services --fil")).contains("--filter");
        assertThat(fish(script, "postern profile re")).contains("remove");
        assertThat(fish(script, "postern list services -o ya")).contains("yaml");
    }

    private List<String> fish(Path script, String line) throws IOException, InterruptedException {
        return run("fish", "--no-config", "-c", "source " + script + "; complete -C '" + line + "'");
    }
}
