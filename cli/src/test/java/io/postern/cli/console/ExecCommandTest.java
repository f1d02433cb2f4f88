package io.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What of a line is ours, and what is the command's: as users of container engines and of kubectl type it. */
class ExecCommandTest {
    private static ExecCommand read(String line) {
        ExecCommand command = new ExecCommand();
        new CommandLine(command).parseArgs(line.split(" "));
        return command;
    }

    @Test
    void allBehindTheFirstWordIsTheCommands() {
        ExecCommand ls = read("-e A=1 -uapp web ls -l -t --help -- x");
        assertThat(ls.command).containsExactly("ls", "-l", "-t", "--help", "--", "x");
        assertThat(ls.container).isEqualTo("web");
        assertThat(ls.tty).isFalse();
        assertThat(ls.user).isEqualTo("app");
        assertThat(ls.variables).containsExactly("A=1");
    }

    @Test
    void optionsMayStandBehindTheNameToo() {
        ExecCommand shell = read("web -it -- sh -c x");
        assertThat(shell.command).containsExactly("sh", "-c", "x");
        assertThat(shell.input && shell.tty).isTrue();
        assertThat(read("host/web -i --tty sh").tty).isTrue();
    }

    @Test
    void aDoubleDashIsNeverTheCommand() {
        assertThat(read("web -- ls").command).containsExactly("ls");
        assertThat(read("-- web ls -l").command).containsExactly("ls", "-l");
        assertThat(read("web -- -x").command).containsExactly("-x");
        assertThat(read("web -- git log -- file").command).containsExactly("git", "log", "--", "file");
    }

    @Test
    void longNamesAreThoseOfEngines() {
        ExecCommand all = read("--interactive --tty --user=a --workdir=/w --env X --env-file f web true");
        assertThat(all.input && all.tty).isTrue();
        assertThat(all.folder).isEqualTo("/w");
        assertThat(all.files).hasSize(1);
        assertThat(read("--interactive=false --tty=false web true").tty).isFalse();
    }

    @Test
    void aCommandIsNeeded() {
        assertThatThrownBy(() -> read("web")).hasMessageContaining("CMD");
        assertThatThrownBy(() -> read("web -i")).hasMessageContaining("CMD");
        assertThatThrownBy(() -> read("--privileged web true")).hasMessageContaining("--privileged");
    }
}
