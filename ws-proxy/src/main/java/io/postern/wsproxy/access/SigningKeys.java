package io.postern.wsproxy.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.wsproxy.controller.Controller;
import io.postern.wsproxy.controller.ControllerTrouble;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/**
 * The controller's keys. Read when an unknown one is named, but seldom, so that made-up key ids make no load; and now and
 * then, so that a key that was withdrawn goes. Blocks; any virtual thread.
 */
final class SigningKeys {
    private static final long SELDOM = Duration.ofSeconds(5).toNanos();
    private static final long UNREAD = Duration.ofSeconds(1).toNanos();
    private static final long OLD = Duration.ofMinutes(5).toNanos();

    private final Controller controller;
    private final LongSupplier nanoTime;
    private Map<String, JsonWebKey> keys = Map.of();
    private boolean read;
    private long readAt;
    private long triedAt;
    private boolean tried;

    SigningKeys(Controller controller, LongSupplier nanoTime) {
        this.controller = controller;
        this.nanoTime = nanoTime;
    }

    /** Empty when there is no such key. Fails only when keys were never read and cannot be now. */
    synchronized Optional<JsonWebKey> find(String keyId) throws ControllerTrouble {
        long now = nanoTime.getAsLong();
        boolean wanted = !keys.containsKey(keyId) || now - readAt > OLD;
        if (wanted && (!tried || now - triedAt > (read ? SELDOM : UNREAD))) {
            tried = true;
            triedAt = now;
            try {
                keys = parse(controller.keys());
                read = true;
                readAt = now;
            } catch (ControllerTrouble trouble) {
                if (!read) {
                    throw trouble;
                }
            }
        }
        if (!read) {
            throw new ControllerTrouble(ControllerTrouble.Kind.AWAY, "the controller's keys are not known yet");
        }
        return Optional.ofNullable(keys.get(keyId));
    }

    private static Map<String, JsonWebKey> parse(JsonNode set) throws ControllerTrouble {
        try {
            Map<String, JsonWebKey> byId = new HashMap<>();
            for (JsonWebKey key : new JsonWebKeySet(set.toString()).getJsonWebKeys()) {
                if (key.getKeyId() != null
                        && (key.getUse() == null || key.getUse().equals("sig"))) {
                    byId.put(key.getKeyId(), key);
                }
            }
            return Map.copyOf(byId);
        } catch (JoseException e) {
            throw new ControllerTrouble(ControllerTrouble.Kind.AWAY, "the controller's keys cannot be read");
        }
    }
}
