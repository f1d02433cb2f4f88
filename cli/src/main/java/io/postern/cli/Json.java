package io.postern.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Documents that people write: JSON or YAML, in a file or on standard input. */
public final class Json {
    /** What comes after a value is no part of it, and is not passed over. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int LONGEST = 4 * 1024 * 1024;
    /** How the parser of YAML says that something follows. */
    private static final String NEXT_DOCUMENT = "'<document start>'";

    private Json() {}

    /** An object; {@code -} reads standard input. YAML reads JSON as well. */
    static ObjectNode document(String file) throws IOException {
        String name = file.equals("-") ? "Standard input" : file;
        String text = file.equals("-") ? input() : TextFile.read(Path.of(file));
        try {
            JsonNode tree = YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .readTree(text);
            if (tree instanceof ObjectNode object) {
                return object;
            }
        } catch (MismatchedInputException e) {
            throw severalIn(name);
        } catch (JsonProcessingException e) {
            if (e.getOriginalMessage().contains(NEXT_DOCUMENT)) {
                throw severalIn(name);
            }
            throw new Failure(
                    Failure.FILE,
                    name + " is neither JSON nor YAML: line " + e.getLocation().getLineNr() + ", "
                            + e.getOriginalMessage());
        }
        throw new Failure(Failure.FILE, name + " holds no object.");
    }

    private static Failure severalIn(String name) {
        return new Failure(Failure.FILE, name + " holds more than one document: an entity is one.");
    }

    private static String input() throws IOException {
        byte[] bytes = System.in.readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) {
            throw new Failure(Failure.FILE, "Standard input is longer than " + LONGEST + " bytes.");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A value of the command line: JSON where it is some from beginning to end, else text. */
    static JsonNode value(String text) {
        try {
            JsonNode tree = MAPPER.readTree(text);
            return tree == null || tree.isMissingNode() ? TextNode.valueOf(text) : tree;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }

    /** A value of the command line that is an object. */
    static ObjectNode object(String flag, String text) {
        if (value(text) instanceof ObjectNode object) {
            return object;
        }
        throw new Failure(Failure.USAGE, flag + " takes one JSON object, such as '{\"port\":80}'.");
    }
}
