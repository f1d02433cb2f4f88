package io.postern.controller.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Admin;
import io.postern.testkit.Samples;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replays what a stock controller was asked, and holds the answers against its own: status, envelope, code, and that
 * every field it sends is there with a value of the same kind. Ids of the stock network stand for entities made first.
 */
@ControllerTest
class StockReplayTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "/edge/management/v1";

    /** Where this differs on purpose: stock lets internal codes out, answers 404 or 500 for wrong references. */
    private static final Map<Integer, Integer> BETTER_STATUS = Map.of(601, 400, 602, 400);

    /** Notes of exchanges whose refusal here names the field (400) instead of 404, or is a plain 409 instead of 500. */
    private static final Map<String, Integer> BETTER_REFUSAL = Map.of(
            "unknown config", 400,
            "unknown strategy", 400,
            "unknown service", 400,
            "unknown auth policy", 400,
            "referenced config", 409,
            "referenced or system type", 409,
            "null", 400);

    private static final Set<String> NOT_YET =
            Set.of("trace", "failed-service-requests", "posture-data", "posture-checks");
    private static final Set<String> OPTIONAL = Set.of(
            "capabilitiesMask", "interfaces", "lastAuthResolvedToRoot", "certPem", "fingerprint", "isIssuedByNetwork");

    private final Map<String, String> ids = new HashMap<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config-types",
                "configs",
                "services",
                "identities",
                "edge-routers",
                "service-policies",
                "edge-router-policies",
                "service-edge-router-policies",
                "terminators",
                "enrollments",
                "authenticators",
                "errors"
            })
    void answersAsStockDoes(String file) throws IOException {
        Samples samples = Samples.find().orElse(null);
        Assumptions.assumeTrue(samples != null, Samples.absent());
        var world = new StockWorld(file);
        ids.putAll(world.make());
        List<String> wrong = new ArrayList<>();
        int replayed = 0;
        for (JsonNode exchange : samples.rest(file)) {
            if (isReplayable(exchange)) {
                replay(exchange, wrong);
                replayed++;
            }
        }
        world.clear();
        assertThat(wrong).as("differences from stock").isEmpty();
        assertThat(replayed).isGreaterThan(20);
    }

    private static boolean isReplayable(JsonNode exchange) {
        String path = exchange.path("request").path("path").asText();
        return exchange.has("response")
                && path.startsWith(PREFIX)
                && NOT_YET.stream().noneMatch(word -> path.contains("/" + word));
    }

    private void replay(JsonNode exchange, List<String> wrong) throws IOException {
        JsonNode request = exchange.get("request");
        JsonNode expected = exchange.get("response");
        String note = exchange.path("note").asText("");
        Response actual = send(request);
        String name = note + ": " + request.get("method").asText() + " "
                + request.get("path").asText();
        int status = BETTER_REFUSAL.getOrDefault(
                note,
                BETTER_STATUS.getOrDefault(
                        expected.get("status").asInt(), expected.get("status").asInt()));
        if (actual.statusCode() != status) {
            wrong.add(name + ": status " + actual.statusCode() + " for " + status + ": " + actual.asString());
            return;
        }
        JsonNode body = JSON.readTree(actual.asString());
        JsonNode stock = expected.get("body");
        if (status == 201) {
            ids.put(stock.at("/data/id").asText(), body.at("/data/id").asText());
        }
        if (status >= 400) {
            refusal(name, note, stock, body, wrong);
        } else if (stock != null && stock.isObject()) {
            compare(name, "", stock, body, wrong);
        }
    }

    private static void refusal(String name, String note, JsonNode stock, JsonNode body, List<String> wrong) {
        if (!body.at("/error/requestId").isTextual()
                || !body.at("/meta/apiVersion").isTextual()) {
            wrong.add(name + ": no error envelope: " + body);
        }
        String code = body.at("/error/code").asText();
        String known = stock.at("/error/code").asText();
        boolean better = BETTER_REFUSAL.containsKey(note) || note.equals("bad limit") || known.equals("INVALID_FIELD");
        if (!better && !code.equals(known)) {
            wrong.add(name + ": code " + code + " for " + known);
        }
        String field = stock.at("/error/cause/field").asText();
        if (!better
                && !field.isEmpty()
                && !note.equals("empty body")
                && !field.equals("(root)")
                && !field.equals("type")
                && !note.equals("missing required field")
                && !body.at("/error/cause/field").asText().equals(field)) {
            wrong.add(name + ": field " + body.at("/error/cause/field") + " for " + field);
        }
    }

    private static void compare(String name, String path, JsonNode stock, JsonNode ours, List<String> wrong) {
        if (ours.isNull()) {
            return;
        }
        if (stock.isObject() && !isMap(path)) {
            stock.properties().forEach(field -> {
                String at = path + "/" + field.getKey();
                if (path.endsWith("/_links") && !field.getKey().equals("self")) {
                    return;
                }
                if (!ours.has(field.getKey()) && !OPTIONAL.contains(field.getKey())) {
                    wrong.add(name + ": lacks " + at);
                } else if (ours.has(field.getKey())) {
                    compare(name, at, field.getValue(), ours.get(field.getKey()), wrong);
                }
            });
        } else if (stock.isArray() && ours.isArray() && !stock.isEmpty() && !ours.isEmpty()) {
            compare(name, path + "[]", stock.get(0), ours.get(0), wrong);
        } else if (!stock.isNull() && !ours.isNull() && stock.getNodeType() != ours.getNodeType()) {
            wrong.add(name + ": " + path + " is " + ours.getNodeType() + " for " + stock.getNodeType());
        }
    }

    /** Objects whose keys are data. */
    private static boolean isMap(String path) {
        return path.matches(".*/(tags|appData|data/schema|config|data|envInfo|sdkInfo|authenticators|enrollment"
                        + "|serviceHosting\\w+|supportedProtocols|filterableFields|schema|pagination)")
                && !path.equals("/data");
    }

    private Response send(JsonNode request) {
        RequestSpecification call = request.path("headers").has("zt-session")
                ? Admin.admin()
                : RestAssured.given().basePath(PREFIX);
        call = call.config(RestAssured.config()
                .encoderConfig(
                        EncoderConfig.encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false)));
        String contentType = request.path("headers").path("Content-Type").asText("");
        if (!contentType.isEmpty() || request.path("body").isTextual()) {
            call.header("Content-Type", contentType.isEmpty() ? "application/json" : contentType);
        }
        String accept = request.path("headers").path("Accept").asText("");
        if (!accept.isEmpty()) {
            call.header("Accept", accept);
        }
        JsonNode body = request.get("body");
        if (body != null
                && !body.isNull()
                && !(body.isTextual() && body.asText().isEmpty())) {
            call.body(mapped(body.isTextual() ? body.asText() : body.toString()));
        }
        String[] target =
                mapped(request.get("path").asText().substring(PREFIX.length())).split("\\?", 2);
        if (target.length > 1) {
            for (String parameter : target[1].split("&")) {
                String[] pair = parameter.split("=", 2);
                call.queryParam(pair[0], java.net.URLDecoder.decode(pair[1], java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return call.request(request.get("method").asText(), target[0]);
    }

    private String mapped(String text) {
        String out = text;
        for (Map.Entry<String, String> id : ids.entrySet()) {
            out = out.replace(id.getKey(), id.getValue());
        }
        return out;
    }
}
