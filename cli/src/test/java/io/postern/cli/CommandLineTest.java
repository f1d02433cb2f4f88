package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
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
        CommandLine line = CommandLines.prepared(new Postern());
        line.setOut(new PrintWriter(new BufferedWriter(out), true));
        line.setErr(new PrintWriter(new BufferedWriter(err), true));
        return line.execute(arguments);
    }

    @Test
    void helpNamesEveryVerb() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("quickstart", "controller", "router", "login", "enroll", "create", "list", "show", "update")
                .contains("containers", "attach", "exec", "cp", "sessions", "recordings")
                .contains("try", "tunnel", "host", "policy", "doctor", "completion", "profile");
    }

    @Test
    void theDocumentNamesEveryVerbAndEveryExitCode() throws IOException {
        String document = Files.readString(Path.of("../docs/cli.md"));
        for (Verb verb : Verb.values()) {
            assertThat(document).contains("postern " + verb.word());
        }
        for (ExitCode code : ExitCode.values()) {
            assertThat(document).contains("| " + code.code() + " | " + code.meaning() + " |");
        }
        assertThat(run("help", "exit-codes")).isZero();
        assertThat(out.toString()).contains("  125  attach and exec");
    }

    @Test
    void wrongCommandLinesAreExitCodeTwo() {
        assertThat(run("list", "widgets")).isEqualTo(Failure.USAGE);
        assertThat(run("nonsense")).isEqualTo(Failure.USAGE);
        assertThat(run("login")).isEqualTo(Failure.USAGE);
        assertThat(err.toString()).contains("Which controller?").doesNotContain("\tat ");
    }

    @Test
    void aWrongLineIsToldInAFewLines() {
        assertThat(run("containers", "--al")).isEqualTo(Failure.USAGE);
        assertThat(err.toString().lines())
                .hasSizeLessThan(6)
                .contains("postern: Unknown option: '--al'", "'postern containers --help' says more.")
                .anyMatch(line -> line.startsWith("Usage: postern containers"));
    }

    @Test
    void anOutputThatCannotBeWrittenIsNoSuccess() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        CommandLine line = CommandLines.prepared(new Postern());
        line.setOut(new PrintWriter(full));
        line.setErr(new PrintWriter(err, true));
        // a file or a pipe, whatever this test runs with
        assertThat(line.execute("help", "kinds")).isIn(Failure.FILE, 128 + 13);
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
    void aControllersAddressIsOneOfHttps() {
        assertThat(run("enroll", "--controller", "localhost:1280", "/no/such.jwt"))
                .isEqualTo(Failure.USAGE);
        assertThat(err.toString()).contains("--controller is localhost:1280").contains("https://host:port");
    }

    @Test
    void aFileThatHoldsSomethingElseIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("other"), "nothing");
        assertThat(run("tunnel", "-i", file.toString())).isEqualTo(Failure.FILE);
        assertThat(run("login", "--identity", file.toString())).isEqualTo(Failure.FILE);
        assertThat(err.toString()).contains(file + ": not an identity file").doesNotContain("File trouble");
        assertThat(run("enroll", folder.toString())).isEqualTo(Failure.FILE);
        assertThat(err.toString()).contains("a folder where a file is needed");
    }

    @Test
    void aControllerThatIsNotThereIsExitCodeFour() {
        assertThat(run("login", "https://localhost:1", "--yes", "--password-file", "/no/such"))
                .isEqualTo(Failure.UNREACHABLE);
        assertThat(err.toString()).contains("https://localhost:1 (connection refused)");
        assertThat(run("login", "https://no-such-host.invalid", "--yes", "--password-file", "/no/such"))
                .isEqualTo(Failure.UNREACHABLE);
        assertThat(err.toString()).contains("no-such-host.invalid (no such host)");
    }

    @Test
    void whatIsNoAddressIsExitCodeTwo() {
        for (String text : new String[] {"https://localhost:99999", "a b", "http://localhost:1280", ""}) {
            assertThat(run("login", text)).as(text).isEqualTo(Failure.USAGE);
        }
        assertThat(err.toString()).contains("it looks like https://host:port");
    }

    @Test
    void noPasswordIsTakenFromTheCommandLine() {
        assertThat(run("login", "https://localhost:1", "-p", "x")).isEqualTo(Failure.USAGE);
        assertThat(run("login", "https://localhost:1", "--password")).isEqualTo(Failure.USAGE);
        assertThat(err.toString()).contains("--password-stdin").doesNotContain("'x'");
    }

    @Test
    void aVerbIsTakenWhereverTheProfileIsNamed() {
        assertThat(Verb.meant("list", "services")).containsExactly(Verb.LIST);
        assertThat(Verb.meant("rm", "service", "x")).containsExactly(Verb.DELETE);
        assertThat(Verb.meant("--version")).isEmpty();
        assertThat(Verb.meant("--profile", "list", "show")).containsExactly(Verb.values());
        assertThat(Verb.meant()).containsExactly(Verb.values());
        assertThat(run("--profile", "no slash/here", "list", "services")).isEqualTo(Failure.USAGE);
        assertThat(run("list", "services", "--profile", "no blank")).isEqualTo(Failure.USAGE);
        assertThat(err.toString()).contains("takes a name, not a path", "is no name for a profile");
    }

    @Test
    void helpGoesAsFarAsTheVerbsDo() {
        assertThat(run("help", "policy", "advice")).isZero();
        assertThat(out.toString()).contains("Usage: postern policy advice");
        assertThat(run("help", "ws-proxy")).isZero();
        assertThat(out.toString()).contains("Run the console proxy");
        assertThat(run("help", "controller")).isZero();
        assertThat(out.toString()).contains("POSTERN_BIND_PORT=1281", "POSTERN_JAVA_OPTS");
        assertThat(run("help", "policy", "nonsense")).isEqualTo(Failure.USAGE);
        assertThat(run("help", "kinds", "nonsense")).isEqualTo(Failure.USAGE);
        assertThat(err.toString()).contains("no verb or topic 'policy nonsense'");
    }

    @Test
    void programsOfTheirOwnSayHowToStartThem() {
        assertThat(run("ws-proxy", "--anything")).isEqualTo(Failure.USAGE);
        assertThat(run("router", "run", "x.yml", "--anything")).isEqualTo(Failure.USAGE);
        assertThat(err.toString()).contains("./postern");
    }
}
