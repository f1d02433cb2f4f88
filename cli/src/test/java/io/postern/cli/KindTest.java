package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class KindTest {
    @Test
    void everyKindAnswersToItsNamesAndTheStockOnes() {
        for (Kind kind : Kind.values()) {
            assertThat(Kind.of(kind.singular())).isEqualTo(kind);
            assertThat(Kind.of(kind.plural().toUpperCase(java.util.Locale.ROOT)))
                    .isEqualTo(kind);
            assertThat(Kind.of(kind.plural().replace('-', '_'))).isEqualTo(kind);
        }
        assertThat(Kind.of("er")).isEqualTo(Kind.EDGE_ROUTER);
        assertThat(Kind.of("serp")).isEqualTo(Kind.SERVICE_EDGE_ROUTER_POLICY);
        assertThatThrownBy(() -> Kind.of("widget")).hasMessageContaining("service-policies");
    }

    @Test
    void aTableShowsWhatTheKindSays() throws IOException {
        JsonNode entity = Json.MAPPER.readTree("""
                {"id":"i1","name":"web","encryptionRequired":true,"roleAttributes":["a","b"]}""");
        assertThat(rendered(Rendering.TABLE, entity)).isEqualTo("""
                        ID  NAME  ENCRYPTIONREQUIRED  TERMINATORSTRATEGY  ROLEATTRIBUTES
                        i1  web   true                                    a b
                        """);
        assertThat(rendered(Rendering.NAME, entity)).isEqualTo("web\n");
        assertThat(rendered(Rendering.YAML, entity)).contains("- id: i1\n");
        assertThat(Json.MAPPER.readTree(rendered(Rendering.JSON, entity)).get(0))
                .isEqualTo(entity);
    }

    private static String rendered(Rendering rendering, JsonNode entity) throws IOException {
        StringWriter text = new StringWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            rendering.list(out, Kind.SERVICE, List.of(entity));
        }
        return text.toString();
    }

    @Test
    void valuesOfTheCommandLineAreJsonOrText() {
        assertThat(Json.value("true").isBoolean()).isTrue();
        assertThat(Json.value("[1]").isArray()).isTrue();
        assertThat(Json.value("smart routing").isTextual()).isTrue();
        assertThat(Json.value("").isTextual()).isTrue();
    }
}
