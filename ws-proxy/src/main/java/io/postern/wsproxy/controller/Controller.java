package io.postern.wsproxy.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the proxy asks of the controller, whichever of its addresses answers. Every call blocks, a few seconds at most unless
 * it says otherwise: for virtual threads only. Fails with {@link ControllerTrouble}.
 */
public interface Controller {
    /** The keys that tokens verify with, as a JSON Web Key Set. */
    JsonNode keys() throws ControllerTrouble;

    /** Base addresses of the controllers, such as {@code https://host:1280}. */
    List<String> addresses();

    /**
     * Who stands behind API Sessions and what is granted to them; one that is missing has ended.
     *
     * @param apiSessions ids, at most 200
     * @param use do they have consoles that live? That counts as use of them
     */
    Map<String, Standing> standings(List<String> apiSessions, boolean use) throws ControllerTrouble;

    /**
     * Waits until something changed after an index, or nothing did for so long.
     *
     * @param after empty to begin: then it does not wait
     */
    Changed changes(Optional<Long> after, Duration patience) throws ControllerTrouble;

    /** @return the ticket */
    String ticket(String apiSessionId, String purpose, Instant tokenExpiresAt) throws ControllerTrouble;

    /** Takes a ticket; empty when it is none, or no more. */
    Optional<Taken> take(String ticket) throws ControllerTrouble;

    /** Reports events, all or none. */
    void report(ArrayNode events) throws ControllerTrouble;

    /**
     * An API Session that lasts.
     *
     * @param hosts grants by host, as the controller words them
     */
    record Standing(
            String apiSessionId,
            String identityId,
            String identityName,
            boolean isAdmin,
            Map<String, JsonNode> hosts) {}

    /**
     * What changed.
     *
     * @param concerned ids of identities and of API Sessions
     */
    record Changed(long index, boolean everybody, List<String> concerned) {}

    /** Whose a ticket was, and what for. */
    record Taken(
            String apiSessionId,
            String identityId,
            String identityName,
            boolean isAdmin,
            Instant tokenExpiresAt,
            String purpose) {}
}
