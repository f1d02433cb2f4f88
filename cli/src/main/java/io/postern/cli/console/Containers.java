package io.postern.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.postern.cli.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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

    /** What people call it: {@code HOST/NAME}, or a name or id alone where one host has it. */
    static Target target(ProxyClient proxy, String text) throws IOException {
        return text.isEmpty() || text.contains("/")
                ? Target.of(text)
                : called(text, list(proxy, "/v1/containers", "containers"));
    }

    /** The one of these that is called so. */
    static Target called(String text, List<JsonNode> all) {
        List<String> hosts = new ArrayList<>();
        for (JsonNode entry : all) {
            if (isCalled(entry, text)) {
                hosts.add(entry.path("host").asText());
            }
        }
        if (hosts.isEmpty()) {
            throw new Failure(
                    Failure.REFUSED,
                    "There is no container " + text + " that you may reach; 'postern containers' lists them.");
        }
        if (hosts.size() > 1) {
            String which = hosts.stream().map(host -> host + "/" + text).collect(Collectors.joining(", "));
            throw new Failure(
                    Failure.USAGE, "More than one host has a container " + text + ": say which, " + which + ".");
        }
        return new Target(hosts.getFirst(), text);
    }

    private static boolean isCalled(JsonNode entry, String wanted) {
        String id = entry.path("id").asText();
        return entry.path("name").asText().equals(wanted)
                || id.equals(wanted)
                || (wanted.length() >= 12 && id.startsWith(wanted));
    }

    /** The container as it is listed; missing when it is not: what is asked of it next says why. */
    static JsonNode find(ProxyClient proxy, Target target) throws IOException {
        for (JsonNode entry : list(proxy, "/v1/containers", "containers")) {
            if (isCalled(entry, target.container())
                    && entry.path("host").asText().equals(target.host())) {
                return entry;
            }
        }
        return MissingNode.getInstance();
    }
}
