package io.postern.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.cli.login.Profile;
import io.postern.client.ControllerClient;
import io.postern.client.FilterText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    @Nullable
    Integer limit;

    @Mixin
    Printing printing;

    @Override
    public Integer call() throws IOException {
        Kind wanted = Kind.of(kind);
        if (limit != null && limit < 1) {
            throw new Failure(Failure.USAGE, "--limit is at least 1; without it, all are listed.");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        String meant = filter(wanted);
        if (!meant.isEmpty()) {
            parameters.put("filter", meant);
        }
        try (ControllerClient client = Profile.read().connect()) {
            List<JsonNode> entries;
            if (limit == null) {
                entries = client.all(wanted.api(), wanted.path(), parameters);
            } else {
                parameters.put("limit", String.valueOf(limit));
                entries = client.list(wanted.api(), wanted.path(), parameters).entries();
            }
            printing.rendering().list(printing.out(), wanted, entries);
        }
        return 0;
    }

    private String filter(Kind wanted) {
        String given = Objects.requireNonNullElse(filter, "");
        if (text == null) {
            return given;
        }
        if (!wanted.isNamed()) {
            throw new Failure(
                    Failure.USAGE,
                    wanted.plural() + " have no name that could contain '" + text + "': use --filter, such as 'id = \""
                            + text + "\"'.");
        }
        FilterText parts = FilterText.of(given);
        if (!parts.whole()) {
            throw new Failure(Failure.USAGE, "--filter has a quote or a parenthesis without its other half.");
        }
        return parts.and("name contains " + ControllerClient.quote(text));
    }
}
