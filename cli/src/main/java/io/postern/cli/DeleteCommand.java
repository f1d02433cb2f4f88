package io.postern.cli;

import io.postern.cli.login.Profile;
import io.postern.client.ControllerClient;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code postern delete KIND NAME...}. */
@Command(name = "delete", aliases = "rm", mixinStandardHelpOptions = true, description = "Delete entities.")
final class DeleteCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "KIND",
            completionCandidates = Kind.Names.class,
            description = "Kind of the entities.")
    String kind;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "NAME", description = "Their names or ids.")
    List<String> names;

    @Override
    public Integer call() throws IOException {
        Kind wanted = Kind.of(kind);
        try (ControllerClient client = Profile.read().connect()) {
            // All names are looked up first: a wrong one must not leave half of the work done.
            Set<String> ids = new LinkedHashSet<>(); // an entity may be named twice, by its name and by its id
            for (String name : names) {
                ids.add(Entities.id(client, wanted, name));
            }
            for (String id : ids) {
                client.delete(wanted.api(), Entities.path(wanted, id));
            }
        }
        return 0;
    }
}
