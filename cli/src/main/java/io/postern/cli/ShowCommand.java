package io.postern.cli;

import io.postern.cli.login.Profile;
import io.postern.client.ControllerClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern show KIND NAME}. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Show all fields of an entity.")
final class ShowCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            completionCandidates = Kind.Names.class,
            description = "Kind of the entity.")
    String kind;

    @Parameters(index = "1", paramLabel = "NAME", description = "Its name or id.")
    String name;

    @Option(
            names = {"-o", "--output"},
            description = "table, json, yaml or name.")
    Rendering output = Rendering.TABLE;

    @Option(names = "--jwt", description = "Print its enrollment token only.")
    boolean jwt;

    @Override
    public Integer call() throws IOException {
        Kind wanted = Kind.of(kind);
        try (ControllerClient client = Profile.read().connect()) {
            var entity = EntityFlags.find(client, wanted, name);
            if (jwt) {
                spec.commandLine().getOut().println(CreateCommand.token(wanted, entity));
            } else {
                output.one(spec.commandLine().getOut(), entity);
            }
        }
        return 0;
    }
}
