package io.postern.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What ws-proxy lists. */
final class Containers {
    private Containers() {}

    /** Entries of a list, whether it comes bare or under its name. */
    static List<JsonNode> list(ProxyClient proxy, String path, String name) throws IOException {
        JsonNode answer = proxy.get(path);
        JsonNode array = answer.isArray() ? answer : answer.path(answer.has(name) ? name : "data");
        List<JsonNode> entries = new ArrayList<>();
        array.forEach(entries::add);
        return entries;
    }

    /** The container as it is listed; missing when it is not: what is asked of it next says why. */
    static JsonNode find(ProxyClient proxy, Target target) throws IOException {
        for (JsonNode entry : list(proxy, "/v1/containers", "containers")) {
            String id = entry.path("id").asText();
            String wanted = target.container();
            boolean same = entry.path("name").asText().equals(wanted)
                    || id.equals(wanted)
                    || (wanted.length() >= 12 && id.startsWith(wanted));
            if (same && entry.path("host").asText().equals(target.host())) {
                return entry;
            }
        }
        return MissingNode.getInstance();
    }
}
