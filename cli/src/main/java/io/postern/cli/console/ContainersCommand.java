package io.postern.cli.console;

import io.postern.cli.Rendering;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern containers}. */
@Command(
        name = "containers",
        mixinStandardHelpOptions = true,
        description = "List the containers that you may reach, and what you may do with them.")
public final class ContainersCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "table, json, yaml or name.")
    Rendering output = Rendering.TABLE;

    @Override
    public Integer call() throws IOException {
        return Listing.CONTAINERS.print(spec.commandLine().getOut(), output);
    }
}
