package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * An API Session as the controller describes it.
 *
 * @param token what every call carries; never printed
 * @param expiresAt when it ends unless it is used before
 */
public record ApiSession(String id, String token, String identityId, String identityName, Instant expiresAt) {
    static ApiSession of(JsonNode data) {
        return new ApiSession(
                data.path("id").asText(),
                data.path("token").asText(),
                data.path("identityId").asText(data.path("identity").path("id").asText()),
                data.path("identity").path("name").asText(),
                instant(data));
    }

    private static Instant instant(JsonNode data) {
        try {
            return Instant.parse(data.path("expiresAt").asText());
        } catch (DateTimeParseException e) {
            return Instant.now().plusSeconds(data.path("expirationSeconds").asLong(1800));
        }
    }

    @Override
    public String toString() {
        return "ApiSession[" + id + ", identity=" + identityName + ", token=***]";
    }
}
