package io.postern.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.postern.cli.Json;
import io.postern.cli.Rendering;
import java.io.IOException;
import java.util.List;
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
        try (ProxyClient proxy = ProxyClient.open()) {
            List<JsonNode> entries = Containers.list(proxy, "/v1/containers", "containers");
            if (output == Rendering.NAME) {
                entries.forEach(entry -> spec.commandLine()
                        .getOut()
                        .println(entry.path("host").asText() + "/"
                                + entry.path("name").asText()));
                return 0;
            }
            ArrayNode all = Json.MAPPER.createArrayNode().addAll(entries);
            output.rows(spec.commandLine().getOut(), List.of("host", "name", "image", "state", "actions"), all);
        } catch (ProxyClient.Refused e) {
            throw e.failure();
        }
        return 0;
    }
}
