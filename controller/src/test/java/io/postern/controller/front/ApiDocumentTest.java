package io.postern.controller.front;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.postern.controller.ControllerTest;
import io.quarkus.test.common.http.TestHTTPResource;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

@ControllerTest
class ApiDocumentTest {
    @TestHTTPResource(value = "/openapi", management = true)
    URI address;

    private byte[] get(String rest, String accept, String type) {
        return given().accept(accept)
                .get(address + rest)
                .then()
                .statusCode(200)
                .contentType(type)
                .extract()
                .asByteArray();
    }

    /** The same document, whatever way it is asked for. */
    @Test
    void isJsonOrYamlAsAskedFor() throws IOException {
        JsonNode json = new ObjectMapper().readTree(get(".json", "*/*", "application/json"));
        assertThat(json).isEqualTo(new ObjectMapper().readTree(get("", "application/json", "application/json")));
        assertThat(json).isEqualTo(new ObjectMapper().readTree(get("?format=JSON", "*/*", "application/json")));
        for (String rest : new String[] {"", ".yaml", ".yml", "?format=yaml"}) {
            assertThat(new YAMLMapper()
                            .readTree(get(rest, "*/*", "application/yaml"))
                            .path("paths"))
                    .as(rest)
                    .hasSameSizeAs(json.path("paths"));
        }
    }

    /** Paths of all the APIs, bodies with their bounds, moments as text. */
    @Test
    void tellsWhatTheApisTake() throws IOException {
        JsonNode json = new ObjectMapper().readTree(get(".json", "*/*", "application/json"));
        assertThat(json.path("openapi").asText()).startsWith("3.1");
        assertThat(json.path("paths").properties().stream().map(Map.Entry::getKey))
                .contains(
                        "/edge/client/v1/authenticate",
                        "/edge/client/v1/sessions",
                        "/edge/management/v1/services/{id}",
                        "/edge/management/v1/console-events");
        JsonNode schemas = json.path("components").path("schemas");
        assertThat(schemas.path("ConsoleEventDraft").path("required"))
                .anyMatch(name -> name.asText().equals("type"));
        assertThat(schemas.path("ApiSessionView")
                        .path("properties")
                        .path("createdAt")
                        .path("format")
                        .asText())
                .isEqualTo("date-time");
    }
}
