package io.postern.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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

    @Parameters(
            arity = "0..*",
            paramLabel = "VERB",
            description = "A verb, with one of its own where it has some, or a topic.")
    List<String> words = new ArrayList<>();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (words.equals(List.of("exit-codes"))) {
            ExitCode.lines().forEach(out::println);
        } else if (words.equals(List.of("kinds"))) {
            for (Kind kind : Kind.values()) {
                out.println("  " + kind.plural());
            }
        } else {
            CommandLine meant = spec.root().commandLine();
            for (String word : words) {
                meant = meant.getSubcommands().get(word);
                if (meant == null) {
                    throw new Failure(
                            Failure.USAGE,
                            "There is no verb or topic '" + String.join(" ", words) + "': 'postern help' lists them.");
                }
            }
            meant.usage(out);
        }
        return 0;
    }
}
