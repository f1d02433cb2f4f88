package io.postern.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.login.Profile;
import io.postern.client.ControllerClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern update KIND NAME}: changes the fields that are given. */
@Command(
        name = "update",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Change the given fields of an entity; the others stay.")
final class UpdateCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "KIND",
            completionCandidates = Kind.Names.class,
            description = "Kind of the entity.")
    String kind;

    @Parameters(index = "1", paramLabel = "NAME", description = "Its name or id.")
    String name;

    @Option(names = "--name", description = "Its new name.")
    @Nullable
    String newName;

    @Mixin
    EntityFlags flags;

    @Override
    public Integer call() throws IOException {
        Kind wanted = Kind.of(kind);
        try (ControllerClient client = Profile.read().connect()) {
            ObjectNode body = flags.given(wanted, client);
            if (newName != null) {
                body.put("name", newName);
            }
            if (body.isEmpty()) {
                throw new Failure(Failure.USAGE, "Nothing to change: give a flag, --set FIELD=VALUE or -f FILE.");
            }
            String id = EntityFlags.id(client, wanted, name);
            client.patch(wanted.api(), wanted.path() + "/" + EntityFlags.segment(id), body);
        }
        return 0;
    }
}
