package io.postern.cli.console;

import io.postern.cli.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern exec}: a command of its own in a container, ended with us. */
@Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeOnInvalidInput = Console.FAILED,
        description = {
            "Run a command in a container.",
            "A lost connection is resumed. With -t, ~. at the beginning of a line leaves, and that ends the command.",
            "Exit code: the command's; 126 and 127 when it cannot be run or is not there; 128+N after signal N;"
                    + " 125 when Postern could not run it or lost it."
        })
public final class ExecCommand implements Callable<Integer> {
    @Option(names = "-i", description = "Pass standard input on, to its end.")
    boolean input;

    @Option(names = "-t", description = "Give the command a terminal.")
    boolean tty;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER",
            description = "Run as this user of the container.")
    @Nullable
    String user;

    @Option(
            names = {"-w", "--workdir"},
            paramLabel = "DIR",
            description = "Run in this folder.")
    @Nullable
    String folder;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "K=V",
            description = "A variable of its environment; repeatable.")
    List<String> environment = new ArrayList<>();

    @Option(
            names = "--detach-keys",
            paramLabel = "KEYS",
            description = "Keys that leave, such as ctrl-p,ctrl-q; none by default.")
    String detachKeys = "";

    @Parameters(index = "0", paramLabel = "[HOST/]NAME", description = "The container.")
    String container;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "The command, best after --.")
    List<String> command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        byte[] detach = AttachCommand.keys(detachKeys);
        Terminal.Ends ends = Terminal.Ends.now();
        if (tty && input && !ends.input()) {
            throw new Failure(Console.FAILED, "Standard input is no terminal: leave out -t, or -i.");
        }
        try (ProxyClient proxy = ProxyClient.open()) {
            Target target = Containers.target(proxy, container);
            boolean raw = tty && input && ends.output();
            return new Console(raw, input, new Keys('~', detach)).run(proxy, true, path(target));
        } catch (ProxyClient.Refused e) {
            throw new Failure(Console.FAILED, e.failure().getMessage());
        } catch (IOException | Failure e) {
            throw new Failure(Console.FAILED, Failure.of(e).getMessage());
        }
    }

    private String path(Target target) {
        StringBuilder path = new StringBuilder(target.path());
        path.append("/exec?tty=").append(tty).append("&stdin=").append(input);
        command.forEach(word -> path.append("&command=").append(Target.encoded(word)));
        environment.forEach(word -> path.append("&env=").append(Target.encoded(word)));
        if (user != null) {
            path.append("&user=").append(Target.encoded(user));
        }
        if (folder != null) {
            path.append("&workdir=").append(Target.encoded(folder));
        }
        return path.toString();
    }
}
