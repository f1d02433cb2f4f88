package io.postern.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Prints entities. */
enum Rendering {
    TABLE,
    JSON,
    YAML,
    NAME;

    private static final int WIDEST = 48;

    /** A list, as a table with the kind's columns or as an array. */
    void list(PrintWriter out, Kind kind, List<JsonNode> entries) throws IOException {
        switch (this) {
            case TABLE -> table(out, kind, entries);
            case NAME -> entries.forEach(entry -> out.println(name(entry)));
            default -> out.print(text(Json.MAPPER.createArrayNode().addAll(entries)));
        }
    }

    /** One entity; a table of one shows all its fields. */
    void one(PrintWriter out, JsonNode entry) throws IOException {
        switch (this) {
            case NAME -> out.println(name(entry));
            case JSON -> out.print(text(entry));
            default -> out.print(YAML.text(entry));
        }
    }

    private static String name(JsonNode entry) {
        return entry.path("name").asText(entry.path("id").asText());
    }

    private String text(JsonNode value) throws IOException {
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        return this == YAML
                ? YAMLMapper.builder()
                        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                        .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                        .build()
                        .writeValueAsString(value)
                : json.writeValueAsString(value) + "\n";
    }

    private static void table(PrintWriter out, Kind kind, List<JsonNode> entries) {
        List<List<String>> rows = new ArrayList<>();
        List<String> titles = new ArrayList<>(List.of("ID"));
        kind.columns().forEach(column -> titles.add(column.title().toUpperCase(java.util.Locale.ROOT)));
        rows.add(titles);
        for (JsonNode entry : entries) {
            List<String> row = new ArrayList<>(List.of(entry.path("id").asText()));
            kind.columns().forEach(column -> row.add(cell(entry, column)));
            rows.add(row);
        }
        int[] widths = new int[titles.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.min(WIDEST, Math.max(widths[i], row.get(i).length()));
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(String.format("%-" + (widths[i] + 2) + "s", shortened(row.get(i))));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String shortened(String text) {
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 1) + "…";
    }

    private static String cell(JsonNode entry, Kind.Column column) {
        JsonNode value = entry;
        for (String part : column.path().split("\\.")) {
            value = value.path(part);
        }
        if (value.isArray()) {
            return String.join(
                    " ",
                    StreamSupport.stream(value.spliterator(), false)
                            .map(part -> part.isObject() ? name(part) : part.asText())
                            .toList());
        }
        if (value.isObject() && value.has("name")) {
            return name(value);
        }
        if (value.isObject()) {
            List<String> names = new ArrayList<>();
            value.fieldNames().forEachRemaining(names::add);
            return String.join(" ", names);
        }
        return value.isMissingNode() || value.isNull() ? "" : value.asText();
    }
}
