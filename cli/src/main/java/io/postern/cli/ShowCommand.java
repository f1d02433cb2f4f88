package io.postern.cli;

import io.postern.cli.login.Profile;
import io.postern.client.ControllerClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern show KIND NAME}. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Show all fields of an entity.")
final class ShowCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "KIND",
            completionCandidates = Kind.Names.class,
            description = "Kind of the entity.")
    String kind;

    @Parameters(index = "1", paramLabel = "NAME", description = "Its name or id.")
    String name;

    @Mixin
    Printing printing;

    @Option(names = "--jwt", description = "Print its enrollment token only.")
    boolean jwt;

    @Override
    public Integer call() throws IOException {
        Kind wanted = Kind.of(kind);
        try (ControllerClient client = Profile.read().connect()) {
            var entity = Entities.find(client, wanted, name);
            if (jwt) {
                printing.out().println(CreateCommand.token(wanted, entity));
            } else {
                printing.rendering().one(printing.out(), entity);
            }
        }
        return 0;
    }
}
