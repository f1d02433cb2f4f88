package io.postern.cli.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.Failure;
import io.postern.cli.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
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
            "What follows the command's first word is the command's, options too.",
            "-it is for a shell, -i for a pipe; -t alone gives a terminal to a command that needs nothing typed.",
            "A lost connection is resumed. With -it, ~. at the beginning of a line leaves, and that ends the command.",
            "Exit code: the command's; 126 and 127 when it cannot be run or is not there; 128+N after signal N;"
                    + " 125 when Postern could not run it or lost it."
        })
public final class ExecCommand implements Callable<Integer> {
    /** Servers take 8192 characters of an address, and often less where something stands before them. */
    private static final int LONGEST_PATH = 2048;

    @Option(
            names = {"-i", "--interactive"},
            description = "Pass standard input on, to its end.")
    boolean input;

    @Option(
            names = {"-t", "--tty"},
            description = "Give the command a terminal.")
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
            paramLabel = "K[=V]",
            description = "A variable of its environment, repeatable; without a value it has ours, where it is set.")
    List<String> variables = new ArrayList<>();

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "Variables, K[=V] a line, repeatable; # begins a comment; -e wins.")
    List<Path> files = new ArrayList<>();

    @Option(
            names = "--detach-keys",
            paramLabel = "KEYS",
            description = "Keys that leave, such as ctrl-p,ctrl-q; none by default.")
    String detachKeys = "";

    @Parameters(index = "0", paramLabel = "[HOST/]NAME", description = "The container.")
    String container;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "CMD",
            parameterConsumer = Rest.class,
            description = "The command and its arguments.")
    List<String> command;

    /** Takes all that is left, whatever it looks like: {@code exec web ls -l} is about no option of ours. */
    static final class Rest implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> arguments, ArgSpec parameter, CommandSpec spec) {
            List<String> words = new ArrayList<>();
            while (!arguments.isEmpty()) {
                words.add(arguments.pop());
            }
            parameter.setValue(words);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        byte[] detach = AttachCommand.keys(detachKeys);
        List<String> environment = Environment.of(files, variables, System.getenv());
        Terminal.Ends ends = Terminal.Ends.now();
        if (tty && input && !ends.input()) {
            throw new Failure(Console.FAILED, "Standard input is no terminal: leave out -t, or -i.");
        }
        Console.Manner manner = new Console.Manner(tty && input, tty && ends.any(), input);
        return Console.using(proxy -> {
            Target target = Containers.target(proxy, container);
            return new Console(manner, new Keys('~', detach)).run(proxy, true, path(proxy, target, environment));
        });
    }

    /** Where the first connection goes. Addresses are short and are logged: a ticket stands for what is long or may be secret. */
    private String path(ProxyClient proxy, Target target, List<String> environment) throws IOException {
        StringBuilder path = new StringBuilder(target.path());
        path.append("/exec?tty=").append(tty).append("&stdin=").append(input);
        command.forEach(word -> path.append("&command=").append(Target.encoded(word)));
        if (user != null) {
            path.append("&user=").append(Target.encoded(user));
        }
        if (folder != null) {
            path.append("&workdir=").append(Target.encoded(folder));
        }
        return environment.isEmpty() && path.length() <= LONGEST_PATH
                ? path.toString()
                : proxy.ticket(request(target, environment));
    }

    private ObjectNode request(Target target, List<String> environment) {
        ObjectNode request = Json.MAPPER.createObjectNode();
        request.put("action", "exec").put("host", target.host()).put("container", target.container());
        request.put("tty", tty).put("stdin", input).put("user", user).put("workdir", folder);
        command.forEach(request.putArray("command")::add);
        environment.forEach(request.putArray("env")::add);
        return request;
    }
}
