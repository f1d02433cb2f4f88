package io.postern.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Documents that people write: JSON or YAML, in a file or on standard input. */
public final class Json {
    public static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int LONGEST = 4 * 1024 * 1024;

    private Json() {}

    /** An object; {@code -} reads standard input. YAML reads JSON as well. */
    static ObjectNode document(String file) throws IOException {
        String text = file.equals("-")
                ? new String(System.in.readNBytes(LONGEST), StandardCharsets.UTF_8)
                : Files.readString(Path.of(file));
        try {
            JsonNode tree = YAMLMapper.builder().build().readTree(text);
            if (tree instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new Failure(
                    Failure.FILE,
                    file + " is neither JSON nor YAML: line " + e.getLocation().getLineNr() + ", "
                            + e.getOriginalMessage());
        }
        throw new Failure(Failure.FILE, file + " holds no object.");
    }

    /** A value of the command line: JSON where it is some, else text. */
    static JsonNode value(String text) {
        try {
            JsonNode tree = MAPPER.readTree(text);
            return tree == null || tree.isMissingNode()
                    ? MAPPER.getNodeFactory().textNode(text)
                    : tree;
        } catch (JsonProcessingException e) {
            return MAPPER.getNodeFactory().textNode(text);
        }
    }
}
