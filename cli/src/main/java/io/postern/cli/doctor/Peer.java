package io.postern.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.wire.Release;
import java.util.Optional;

/**
 * What a controller or a router says it is.
 *
 * @param version of OpenZiti, whose API or wire it speaks
 * @param revision names the release when it is Postern
 */
record Peer(String version, String revision) {
    /** From an object with these two fields; one that is absent is empty. */
    static Peer of(JsonNode version) {
        return new Peer(
                version.path("version").asText(""), version.path("revision").asText(""));
    }

    boolean isPostern() {
        return release().isPresent();
    }

    /** Product and release. */
    String text() {
        return release().map(number -> "Postern " + number).orElse("OpenZiti " + version);
    }

    private Optional<String> release() {
        return Release.of(revision);
    }
}
