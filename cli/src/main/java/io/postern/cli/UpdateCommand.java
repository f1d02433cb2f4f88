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

    @Option(names = "--enable", description = "Let a disabled identity log in again.")
    boolean enable;

    @Option(names = "--disable", description = "Let an identity log in no more; its API Sessions end.")
    boolean disable;

    @Mixin
    EntityFlags flags;

    @Override
    public Integer call() throws IOException {
        Kind wanted = Kind.of(kind);
        flags.check(wanted);
        if (enable && disable) {
            throw new Failure(Failure.USAGE, "--enable or --disable, not both.");
        }
        if (newName != null) {
            FlagsOfKinds.checkNamed(wanted);
        }
        try (ControllerClient client = Profile.read().connect()) {
            ObjectNode body = flags.given(wanted, client);
            if (newName != null) {
                body.put("name", newName);
            }
            if (body.isEmpty() && !enable && !disable) {
                throw new Failure(Failure.USAGE, "Nothing to change: give a flag, --set FIELD=VALUE or -f FILE.");
            }
            String path = Entities.path(wanted, Entities.id(client, wanted, name));
            if (!body.isEmpty()) {
                client.patch(wanted.api(), path, body);
            }
            if (enable || disable) { // no field, but an act of its own
                client.post(wanted.api(), path + (enable ? "/enable" : "/disable"), Json.MAPPER.createObjectNode());
            }
        }
        return 0;
    }
}
