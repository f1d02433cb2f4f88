package io.postern.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern help}. */
@Command(
        name = "help",
        mixinStandardHelpOptions = true,
        description = "Help for a verb, or on a topic: exit-codes, kinds.")
final class HelpCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "VERB", description = "A verb or topic.")
    @Nullable
    String topic;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        CommandLine top = spec.root().commandLine();
        if (topic == null) {
            top.usage(out);
        } else if (topic.equals("exit-codes")) {
            ExitCode.lines().forEach(out::println);
        } else if (topic.equals("kinds")) {
            for (Kind kind : Kind.values()) {
                out.println("  " + kind.plural());
            }
        } else if (top.getSubcommands().containsKey(topic)) {
            top.getSubcommands().get(topic).usage(out);
        } else {
            throw new Failure(Failure.USAGE, "There is no verb or topic '" + topic + "': 'postern help' lists them.");
        }
        return 0;
    }
}
