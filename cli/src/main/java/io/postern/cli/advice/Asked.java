package io.postern.cli.advice;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.cli.Failure;
import io.postern.client.ControllerClient;
import io.postern.client.ControllerClient.Api;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks the controller for the facts. */
public final class Asked {
    private Asked() {}

    static Facts of(ControllerClient client, String identity, String service) throws IOException {
        JsonNode who = found(client, "/identities", "identity", identity);
        JsonNode what = found(client, "/services", "service", service);
        String id = what.path("id").asText();
        JsonNode advice =
                client.get(Api.MANAGEMENT, "/identities/" + who.path("id").asText() + "/policy-advice/" + id);
        List<Facts.Router> common = new ArrayList<>();
        advice.path("commonRouters")
                .forEach(router -> common.add(new Facts.Router(
                        router.path("name").asText(), router.path("isOnline").asBoolean())));
        List<String> online = client.all(Api.MANAGEMENT, "/edge-routers", Map.of()).stream()
                .filter(router -> router.path("isOnline").asBoolean())
                .map(router -> router.path("name").asText())
                .toList();
        List<Facts.Terminator> terminators = client
                .all(Api.MANAGEMENT, "/terminators", Map.of("filter", "service = " + ControllerClient.quote(id)))
                .stream()
                .map(each ->
                        new Facts.Terminator(each.path("router").path("name").asText()))
                .toList();
        return new Facts(
                new Facts.Named(who.path("id").asText(), who.path("name").asText()),
                new Facts.Named(id, what.path("name").asText()),
                who.path("disabled").asBoolean(),
                advice.path("isDialAllowed").asBoolean(),
                advice.path("isBindAllowed").asBoolean(),
                advice.path("identityRouterCount").asInt(),
                advice.path("serviceRouterCount").asInt(),
                common,
                online,
                terminators);
    }

    /** Sentences of what keeps {@code identity} from {@code service}, each with what mends it; none when it reaches it. */
    public static Map<String, String> gaps(ControllerClient client, String identity, String service)
            throws IOException {
        Map<String, String> all = new java.util.LinkedHashMap<>();
        Advice.of(of(client, identity, service)).gaps().forEach(gap -> all.put(gap.what(), gap.mend()));
        return all;
    }

    private static JsonNode found(ControllerClient client, String path, String kind, String name) throws IOException {
        return client.find(Api.MANAGEMENT, path, name)
                .orElseThrow(() -> new Failure(Failure.REFUSED, "There is no " + kind + " " + name + "."));
    }
}
