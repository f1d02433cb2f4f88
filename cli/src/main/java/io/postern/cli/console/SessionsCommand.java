package io.postern.cli.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.postern.cli.Json;
import io.postern.cli.Rendering;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern sessions}. */
@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = "List the consoles that are open and that you may observe, or end one.")
public final class SessionsCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "table, json, yaml or name.")
    Rendering output = Rendering.TABLE;

    @Override
    public Integer call() throws IOException {
        try (ProxyClient proxy = ProxyClient.open()) {
            ArrayNode all = Json.MAPPER.createArrayNode();
            Containers.list(proxy, "/v1/sessions", "sessions").forEach(all::add);
            output.rows(
                    spec.commandLine().getOut(),
                    List.of("id", "kind", "host=container.host", "container=container.name", "viewers", "mine"),
                    all);
        } catch (ProxyClient.Refused e) {
            throw e.failure();
        }
        return 0;
    }

    /** {@code postern sessions end}. */
    @Command(
            name = "end",
            mixinStandardHelpOptions = true,
            description = "End a console; yours, or any as administrator.")
    Integer end(@Parameters(paramLabel = "ID", description = "Its id.") String id) throws IOException {
        try (ProxyClient proxy = ProxyClient.open()) {
            proxy.delete("/v1/sessions/" + Target.encoded(id));
        } catch (ProxyClient.Refused e) {
            throw e.failure();
        }
        return 0;
    }
}
