package io.postern.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.postern.cli.Json;
import io.postern.cli.Printing;
import io.postern.cli.Rendering;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;

/** What ws-proxy lists: where, and as which columns. */
enum Listing {
    CONTAINERS(
            "containers",
            "host name image state actions",
            entry -> entry.path("host").asText() + "/" + entry.path("name").asText()),
    SESSIONS(
            "sessions",
            "id kind host=container.host container=container.name viewers mine",
            entry -> entry.path("id").asText()),
    RECORDINGS(
            "recordings",
            "id host=container.host container=container.name who began command bytes",
            entry -> entry.path("id").asText());

    private final String name;
    private final List<String> columns;
    private final Function<JsonNode, String> naming;

    Listing(String name, String columns, Function<JsonNode, String> naming) {
        this.name = name;
        this.columns = List.of(columns.split(" "));
        this.naming = naming;
    }

    /** All entries. */
    List<JsonNode> entries(ProxyClient proxy) throws IOException {
        return Containers.list(proxy, "/v1/" + name, name);
    }

    /** Asks with the stored login and prints. */
    int print(Printing printing) throws IOException {
        List<JsonNode> entries = ProxyClient.using(this::entries);
        PrintWriter out = printing.out();
        if (printing.rendering() == Rendering.NAME) {
            entries.forEach(entry -> out.println(naming.apply(entry)));
            out.flush();
            return 0;
        }
        ArrayNode all = Json.MAPPER.createArrayNode().addAll(entries);
        printing.rendering().rows(out, columns, all);
        return 0;
    }
}
