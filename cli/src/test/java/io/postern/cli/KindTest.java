package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KindTest {
    @TempDir
    Path folder;

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

    @Test
    void aTableIsAlignedAndHarmless() throws IOException {
        StringWriter text = new StringWriter();
        JsonNode wide = Json.MAPPER.readTree("{\"id\":\"東京\",\"name\":\"a\"}");
        JsonNode evil = Json.MAPPER.readTree("{\"id\":\"abcd\",\"name\":\"\\u001b[2J\\nx\"}");
        try (PrintWriter out = new PrintWriter(text)) {
            Rendering.TABLE.list(out, Kind.CONFIG_TYPE, List.of(wide, evil));
        }
        assertThat(text.toString()).isEqualTo("ID    NAME\n東京  a\nabcd  \uFFFD[2J\uFFFDx\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "123",
                "-1",
                "1e3",
                "1_000",
                "0x1F",
                "0o7",
                "1:30",
                ".5",
                "2026-01-02",
                "2026-01-02T03:04:05Z",
                "<<",
                "=",
                "~",
                "null",
                "yes",
                "No",
                "on",
                "true",
                ".inf",
                ".nan",
                "",
                " ",
                "a: b",
                "a #b",
                "#a",
                "- a",
                "@a",
                "*a",
                "&a",
                "!a",
                "%a",
                "'a",
                "\"a",
                "a\nb",
                "a\n",
                "\n",
                " a\nb",
                "a \nb",
                "a\r\nb",
                "\u001b[31m",
                "a\tb",
                "größe",
                "\u202Eevil",
                "\u009b2J",
                "\u007f",
                "\u2028",
                "a\nb\u202E",
                "東京",
                "🚀",
                "{a}",
                "[a]",
                "a:",
                "a,b",
                "?",
                "a?",
                "web",
                "host.v1",
                "---",
                "...",
                "-----BEGIN X-----\nMIIB\n-----END X-----\n"
            })
    void yamlIsReadBackAsItWas(String value) throws IOException {
        JsonNode entity = Json.MAPPER
                .createObjectNode()
                .put("name", value)
                .put(value, "x")
                .put("n", 123);
        StringWriter text = new StringWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            Rendering.YAML.one(out, entity);
        }
        Path file = Files.writeString(folder.resolve("entity"), text.toString());
        assertThat((JsonNode) Json.document(file.toString()))
                .as(text.toString())
                .isEqualTo(entity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[31m", "\u202Eevil", "\u009b2J", "\u007f", "\u2028", "größe 👩\u200D💻"})
    void documentsSteerNoTerminal(String value) throws IOException {
        JsonNode entity = Json.MAPPER.createObjectNode().put("name", value);
        for (Rendering rendering : List.of(Rendering.JSON, Rendering.YAML)) {
            String text = rendered(rendering, entity);
            assertThat(Screen.lines(text)).isEqualTo(text);
            assertThat(new YAMLMapper().readTree(text).get(0)).isEqualTo(entity);
        }
    }

    @Test
    void whatAnotherReaderOfYamlWouldTakeForANumberIsQuoted() throws IOException {
        for (String value : List.of("123", "1e3", "0x1F", "2026-01-02", "<<", "yes", "1:30")) {
            JsonNode entity = Json.MAPPER.createObjectNode().put("name", value);
            assertThat(rendered(Rendering.YAML, entity)).isEqualTo("- name: \"" + value + "\"\n");
        }
        JsonNode plain = Json.MAPPER.createObjectNode().put("name", "web 1");
        assertThat(rendered(Rendering.YAML, plain)).isEqualTo("- name: web 1\n");
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
