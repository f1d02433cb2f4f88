package io.postern.wsproxy.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.wsproxy.engine.EngineRefusal.Code;
import java.util.Locale;

/** Says what an engine's refusal means. Its words are kept, cleaned and cut, because they name the cause. */
final class Refusals {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 300;

    private Refusals() {}

    static EngineRefusal of(HostName host, int status, String body) {
        String words = words(body);
        String lower = words.toLowerCase(Locale.ROOT);
        Code code = switch (status) {
            case 400 -> Code.BAD_REQUEST;
            case 404 -> Code.CONTAINER_UNKNOWN;
            case 409 -> conflict(lower);
            default -> Code.ENGINE_FAILED;
        };
        if (status == 500 && lower.contains("not running")) {
            code = Code.CONTAINER_NOT_RUNNING;
        }
        if (status >= 300 && status < 400) {
            words = "it answers with a redirect, which is not followed";
        }
        return new EngineRefusal(code, "the engine of host " + host + " refuses (" + status + "): " + words);
    }

    private static Code conflict(String lower) {
        if (lower.contains("paused")) {
            return Code.CONTAINER_PAUSED;
        }
        return lower.contains("not running") || lower.contains("state improper") || lower.contains("is restarting")
                ? Code.CONTAINER_NOT_RUNNING
                : Code.ENGINE_FAILED;
    }

    private static String words(String body) {
        String text = body;
        try {
            JsonNode message = JSON.readTree(body).path("message");
            text = message.isTextual() ? message.asText() : body;
        } catch (JsonProcessingException e) {
            // plain words, as some paths of some engines answer
        }
        String clean = text.replaceAll("[\\p{Cntrl}]+", " ").strip();
        return clean.length() > MOST ? clean.substring(0, MOST) + "…" : clean;
    }
}
