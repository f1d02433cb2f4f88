package io.postern.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** Prints entities. */
public enum Rendering {
    TABLE,
    JSON,
    YAML,
    NAME;

    private static final int WIDEST = 48;

    /** As it is given. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A list, as a table with the kind's columns or as an array. */
    void list(PrintWriter out, Kind kind, List<JsonNode> entries) throws IOException {
        switch (this) {
            case TABLE -> {
                List<Kind.Column> columns = new ArrayList<>(List.of(Kind.Column.of("id")));
                columns.addAll(kind.columns());
                table(out, columns, entries);
            }
            case NAME -> entries.forEach(entry -> out.println(shownName(entry)));
            default -> out.print(text(Json.MAPPER.createArrayNode().addAll(entries)));
        }
    }

    /** One entity; a table of one shows all its fields. */
    void one(PrintWriter out, JsonNode entry) throws IOException {
        switch (this) {
            case NAME -> out.println(shownName(entry));
            case TABLE -> out.print(YAML.text(withoutLinks(entry.deepCopy())));
            default -> out.print(text(entry));
        }
    }

    /** Entries of no kind, with columns {@code title} or {@code title=path.of.value}. */
    public void rows(PrintWriter out, List<String> columns, ArrayNode entries) throws IOException {
        switch (this) {
            case TABLE -> {
                List<JsonNode> all = new ArrayList<>();
                entries.forEach(all::add);
                table(out, columns.stream().map(Kind.Column::of).toList(), all);
            }
            case NAME -> entries.forEach(entry -> out.println(shownName(entry)));
            default -> out.print(text(entries));
        }
        out.flush();
    }

    /** Refuses what prints names where there are none. */
    public void checkDocument() {
        if (this == NAME) {
            throw new Failure(Failure.USAGE, "There are no names to list here: -o is table (words), json or yaml.");
        }
    }

    /** A document of any shape, as JSON or YAML. */
    public void document(PrintWriter out, JsonNode document) throws IOException {
        out.print((this == JSON ? JSON : YAML).text(document));
        out.flush();
    }

    /** People do not follow the addresses of related lists; programs get them. */
    private static JsonNode withoutLinks(JsonNode entry) {
        if (entry instanceof ObjectNode object) {
            object.remove("_links");
        }
        entry.forEach(Rendering::withoutLinks);
        return entry;
    }

    /** For a program as it is. */
    private static String shownName(JsonNode entry) {
        return Screen.isTerminal() ? Screen.line(name(entry)) : name(entry);
    }

    private static String name(JsonNode entry) {
        return entry.path("name").asText(entry.path("id").asText());
    }

    private String text(JsonNode value) throws IOException {
        if (this != YAML) {
            return Screen.escaped(JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsString(value)
                    + "\n");
        }
        YAMLMapper yaml = YAMLMapper.builder(YAMLFactory.builder()
                        .stringQuotingChecker(new YamlQuoting())
                        .build())
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .build();
        String text = yaml.writeValueAsString(value);
        return Screen.escaped(text).equals(text)
                ? text
                // Lines of a block know no escapes, quotes do.
                : Screen.escaped(yaml.writer()
                        .without(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                        .writeValueAsString(value));
    }

    private static void table(PrintWriter out, List<Kind.Column> columns, List<JsonNode> entries) {
        List<List<String>> rows = new ArrayList<>();
        List<String> titles = columns.stream()
                .map(column -> column.title().toUpperCase(Locale.ROOT))
                .toList();
        rows.add(titles);
        for (JsonNode entry : entries) {
            rows.add(columns.stream()
                    .map(column -> Screen.line(cell(entry, column)))
                    .toList());
        }
        int[] widths = new int[titles.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.min(WIDEST, Math.max(widths[i], Screen.width(row.get(i))));
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(Screen.padded(Screen.cut(row.get(i), WIDEST), widths[i] + 2));
            }
            out.println(line.toString().stripTrailing());
        }
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
