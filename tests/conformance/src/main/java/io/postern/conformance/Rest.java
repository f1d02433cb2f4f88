package io.postern.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.testkit.TrustAny;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.Nullable;

/** A plain REST client with an optional client certificate and token. Trusts any server: trust is the stock clients' proof. */
public final class Rest {
    public static final String MANAGEMENT = "/edge/management/v1";
    public static final String CLIENT = "/edge/client/v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final HttpClient http;
    private @Nullable String token;

    /** One answer: its status and body; the body is null where it is no JSON. */
    public record Answer(int status, JsonNode body) {
        public JsonNode data() {
            return body.path("data");
        }

        public String code() {
            return body.path("error").path("code").asText(body.path("code").asText());
        }
    }

    public Rest(URI base, KeyManager @Nullable [] keys) {
        this.base = base;
        this.http = HttpClient.newBuilder()
                .sslContext(TrustAny.context(keys))
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    public URI base() {
        return base;
    }

    @Nullable
    String token() {
        return token;
    }

    void use(@Nullable String apiSessionToken) {
        this.token = apiSessionToken;
    }

    public void login(String user, String password) {
        ObjectNode body = object();
        body.put("username", user).put("password", password);
        Answer answer = call("POST", MANAGEMENT + "/authenticate?method=password", body);
        expect("login", answer, 200);
        token = answer.data().path("token").asText();
    }

    /** Legacy authentication with the client certificate. */
    public Answer certificate(String prefix) {
        Answer answer = call("POST", prefix + "/authenticate?method=cert", object());
        if (answer.status() == 200) {
            token = answer.data().path("token").asText();
        }
        return answer;
    }

    public String create(String kind, ObjectNode body) {
        Answer answer = call("POST", MANAGEMENT + "/" + kind, body);
        expect("create " + kind, answer, 201);
        return answer.data().path("id").asText();
    }

    public JsonNode get(String path) {
        Answer answer = call("GET", path, null);
        expect("GET " + path, answer, 200);
        return answer.data();
    }

    static void expect(String what, Answer answer, int status) {
        if (answer.status() != status) {
            String text = answer.body().toString();
            throw new Failed(
                    what + ": status " + answer.status() + " " + text.substring(0, Math.min(400, text.length())));
        }
    }

    public Answer call(String method, String path, @Nullable JsonNode body) {
        return call(method, path, body == null ? null : body.toString(), "application/json", Map.of());
    }

    Answer call(String method, String path, @Nullable String body, String type, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", type);
        }
        if (token != null) {
            request.header("zt-session", token);
        }
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), parse(response.body()));
        } catch (IOException e) {
            throw new Failed(method + " " + path.replaceAll("token=.*", "token=…") + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted", e);
        }
    }

    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static JsonNode parse(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node == null ? object() : node;
        } catch (JsonProcessingException e) {
            return object().put("text", text);
        }
    }
}
