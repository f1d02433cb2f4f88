package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = CommandLines.prepared(new CommandLine(new Postern()));
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    @Test
    void helpNamesEveryVerbAndEveryExitCode() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("quickstart", "controller", "router", "login", "enroll", "create", "list", "show", "update")
                .contains("containers", "attach", "exec", "cp", "sessions", "recordings")
                .contains("4  the controller cannot be reached");
    }

    @Test
    void wrongCommandLinesAreExitCodeTwo() {
        assertThat(run("list", "widgets")).isEqualTo(Failure.USAGE);
        assertThat(run("nonsense")).isEqualTo(Failure.USAGE);
        assertThat(run("login")).isEqualTo(Failure.USAGE);
        assertThat(err.toString()).contains("Which controller?").doesNotContain("\tat ");
    }

    @Test
    void aRoleBehindAnAtSignIsNoFileOfArguments() throws IOException {
        Path file = Files.writeString(folder.resolve("gate"), "--help");
        assertThat(run("list", "@" + file)).isEqualTo(Failure.USAGE);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThat(run("enroll", "/no/such.jwt")).isEqualTo(Failure.FILE);
        assertThat(err.toString()).contains("/no/such.jwt");
    }

    @Test
    void aControllerThatIsNotThereIsExitCodeFour() {
        assertThat(run("login", "https://localhost:1", "--yes", "-p", "x")).isEqualTo(Failure.UNREACHABLE);
    }

    @Test
    void programsOfTheirOwnSayHowToStartThem() {
        assertThat(run("router", "run", "x.yml", "--anything")).isEqualTo(Failure.USAGE);
        assertThat(err.toString()).contains("./postern");
    }
}
