package io.postern.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.cli.login.Profile;
import io.postern.client.ControllerClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern list KIND}. */
@Command(name = "list", aliases = "ls", mixinStandardHelpOptions = true, description = "List entities of a kind.")
final class ListCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "KIND",
            completionCandidates = Kind.Names.class,
            description = "Kind of the entities, such as identities or services.")
    String kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TEXT", description = "Only those whose name contains this.")
    @Nullable
    String text;

    @Option(names = "--filter", description = "In the filter language, such as 'anyOf(roleAttributes) = \"web\"'.")
    @Nullable
    String filter;

    @Option(names = "--limit", description = "Most entries; all without it.")
    int limit;

    @Mixin
    Printing printing;

    @Override
    public Integer call() throws IOException {
        Kind wanted = Kind.of(kind);
        try (ControllerClient client = Profile.read().connect()) {
            Map<String, String> parameters = new LinkedHashMap<>();
            String contains = text == null ? null : "name contains " + ControllerClient.quote(text);
            if (filter != null && contains != null) {
                parameters.put("filter", "(" + contains + ") and (" + filter + ")");
            } else if (filter != null || contains != null) {
                parameters.put("filter", filter == null ? contains : filter);
            }
            List<JsonNode> entries;
            if (limit > 0) {
                parameters.put("limit", String.valueOf(limit));
                entries = client.list(wanted.api(), wanted.path(), parameters).entries();
            } else {
                entries = client.all(wanted.api(), wanted.path(), parameters);
            }
            printing.rendering().list(printing.out(), wanted, entries);
        }
        return 0;
    }
}
