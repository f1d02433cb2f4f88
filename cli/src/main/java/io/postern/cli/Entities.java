package io.postern.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.client.ControllerClient;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds entities by what people call them. */
final class Entities {
    private Entities() {}

    /** The id of what has this name or id. Fails like {@link #find}. */
    static String id(ControllerClient client, Kind kind, String nameOrId) throws IOException {
        return find(client, kind, nameOrId).path("id").asText();
    }

    /** @throws Failure when there is none */
    static JsonNode find(ControllerClient client, Kind kind, String nameOrId) throws IOException {
        checkNamed(kind, nameOrId);
        Optional<JsonNode> found = kind.isNamed()
                ? client.find(kind.api(), kind.path(), nameOrId)
                : Optional.of(client.get(kind.api(), path(kind, nameOrId)));
        return found.orElseThrow(
                () -> new Failure(Failure.REFUSED, "There is no " + kind.singular() + " " + nameOrId + "."));
    }

    /** In a path an empty name, or one that a path reads as a folder, would mean the whole list. */
    private static void checkNamed(Kind kind, String nameOrId) {
        if (nameOrId.isBlank() || !kind.isNamed() && (nameOrId.equals(".") || nameOrId.equals(".."))) {
            throw new Failure(
                    Failure.USAGE,
                    "'" + nameOrId + "' names no " + kind.singular() + ": 'postern list " + kind.plural()
                            + "' shows them.");
        }
    }

    /** Where the API has the entity of this id. */
    static String path(Kind kind, String id) {
        return kind.path() + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
