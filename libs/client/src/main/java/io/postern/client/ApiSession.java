package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;

/**
 * An API Session as the controller describes it.
 *
 * @param token what every call carries; never printed
 * @param expiresAt when it ends unless it is used before
 */
public record ApiSession(String id, String token, String identityId, String identityName, Instant expiresAt) {
    static ApiSession of(JsonNode data) {
        String token = data.path("token").asText();
        Instant end = instant(data);
        Instant tokenEnd = tokenEnd(token);
        return new ApiSession(
                data.path("id").asText(),
                token,
                data.path("identityId").asText(data.path("identity").path("id").asText()),
                data.path("identity").path("name").asText(),
                tokenEnd.isBefore(end) ? tokenEnd : end);
    }

    /** A token that is a JWT may end before the session does; the next look at the session gives another one. */
    private static Instant tokenEnd(String token) {
        String[] parts = token.split("\\.");
        if (parts.length == 3) {
            try {
                JsonNode claims = Http.JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
                if (claims.path("exp").isNumber()) {
                    return Instant.ofEpochSecond(claims.path("exp").asLong());
                }
            } catch (IOException | IllegalArgumentException e) {
                // A token of another shape is as good.
            }
        }
        return Instant.MAX;
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
