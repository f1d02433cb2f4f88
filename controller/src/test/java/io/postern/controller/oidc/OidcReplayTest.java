package io.postern.controller.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.postern.controller.testing.TestPresence;
import io.postern.testkit.Samples;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Asks what a stock controller was asked, word for word but for ids, codes and tokens, and holds the answers against its
 * own: status, headers that clients read, and the kind of every field. The one difference on purpose is the refresh token
 * that was exchanged before: stock takes it again.
 */
@ControllerTest
class OidcReplayTest {
    private static final String STOCK = "https://localhost:21280";

    @Inject
    Network network;

    @Inject
    TestPresence presence;

    private final Map<String, String> known = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();

    @AfterEach
    void clean() {
        network.clean();
        network.sql("delete from oidc_login");
    }

    @Test
    void answersAsStockDoes() {
        Samples samples = Samples.find().orElse(null);
        Assumptions.assumeTrue(samples != null, Samples.absent());
        String router = network.router("public");
        presence.online(router, 1234);
        String service = network.service("web");
        network.allow("Bind", "#hosters", "#web");
        network.allowRouters("#public", "#hosters", "#web");
        var host = network.enrolled(network.identity("hosters"));
        known.put("N1fNDIGSOzIrVWDHDYNAN", service);
        known.put("password=admin&", "password=admin-password&");

        JsonNode all = samples.rest("oidc");
        int cert = 0;
        while (!all.get(cert).path("note").asText().equals("authorize, cert")) {
            cert++;
        }
        JsonNode sessionAsked = all.get(all.size() - 1);
        for (int i = 0; i < all.size() - 1; i++) {
            Http http = i < cert ? Http.anonymous(network.port()) : host.http();
            if (i > cert && isReuse(all.get(i))) {
                replay(http, sessionAsked); // its token is of no use afterwards
            }
            replay(http, all.get(i));
        }
        presence.offline(router);
        assertThat(wrong).as("differences from stock").isEmpty();
        assertThat(all).hasSizeGreaterThanOrEqualTo(20);
    }

    private static boolean isReuse(JsonNode exchange) {
        return exchange.path("note").asText().contains("already exchanged");
    }

    private void replay(Http http, JsonNode exchange) {
        JsonNode request = exchange.get("request");
        JsonNode stock = exchange.get("response");
        String note = exchange.path("note").asText() + " "
                + request.path("path").asText().split("\\?")[0];
        List<String> headers = new ArrayList<>();
        request.path("headers").properties().forEach(header -> {
            headers.add(header.getKey());
            headers.add(mapped(header.getValue().asText()));
        });
        JsonNode body = request.path("body");
        var answer = http.send(
                request.path("method").asText(),
                mapped(request.path("path").asText()),
                body.isMissingNode() || body.isNull()
                        ? null
                        : mapped(body.isTextual() ? body.asText() : body.toString()),
                headers.toArray(String[]::new));
        if (isReuse(exchange)) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("error").asText()).isEqualTo("invalid_grant");
            return;
        }
        if (answer.status() != stock.path("status").asInt()) {
            wrong.add(note + ": " + answer.status() + " for " + stock.path("status") + " "
                    + answer.response().body());
            return;
        }
        learn(note, stock.path("headers").path("location").asText(), answer.header("location"));
        String id = stock.path("headers").path("auth-request-id").asText();
        if (!id.isEmpty() && !mapped(id).equals(answer.header("auth-request-id"))) {
            wrong.add(note + ": auth-request-id");
        }
        if (stock.path("body").isObject()) {
            compare(note, "", stock.path("body"), answer.json());
        }
    }

    /** Ours stands for stock's from now on. */
    private void learn(String note, String stock, String ours) {
        for (String name : List.of("authRequestID", "id", "code")) {
            String theirs = stock.isEmpty() ? "" : OidcFlow.parameter(stock, name);
            if (!theirs.isEmpty()) {
                known.put(theirs, OidcFlow.parameter(ours, name));
            }
        }
        String shape = mapped(stock).replace(STOCK, "https://localhost:" + network.port());
        if (!shape.equals(ours)) {
            wrong.add(note + ": location is of another form, " + ours.split("[?]")[0]);
        }
    }

    private void compare(String note, String path, JsonNode stock, JsonNode ours) {
        if (stock.isObject()) {
            stock.properties().forEach(field -> {
                String at = path + "/" + field.getKey();
                if (!ours.has(field.getKey())) {
                    if (!path.endsWith("/_links") && !at.endsWith("/capabilities") && !at.endsWith("/version")) {
                        wrong.add(note + ": lacks " + at);
                    }
                } else if (field.getKey().endsWith("_token")) {
                    known.put(
                            field.getValue().asText(), ours.get(field.getKey()).asText());
                } else if (!at.endsWith("/expires_in")) {
                    compare(note, at, field.getValue(), ours.get(field.getKey()));
                }
            });
        } else if (stock.isArray() && !stock.isEmpty() && !ours.isEmpty()) {
            compare(note, path + "[]", stock.get(0), ours.get(0));
        } else if (!stock.isNull() && !ours.isNull() && stock.getNodeType() != ours.getNodeType()) {
            wrong.add(note + ": " + path + " is " + ours.getNodeType() + " for " + stock.getNodeType());
        } else if (path.endsWith("token_type") || path.endsWith("/scope") || path.endsWith("/error")) {
            if (!stock.equals(ours)) {
                wrong.add(note + ": " + path + " is " + ours + " for " + stock);
            }
        }
    }

    private String mapped(String text) {
        String out = text;
        for (Map.Entry<String, String> id : known.entrySet()) {
            out = out.replace(id.getKey(), id.getValue());
        }
        return out;
    }
}
