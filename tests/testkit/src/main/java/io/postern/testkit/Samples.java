package io.postern.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recorded conversations and vectors of a stock network, which lie beside the project in
 * {@code shared/reference/samples}; {@code -Dpostern.samples} or {@code POSTERN_SAMPLES} says another place. Without them
 * tests skip, but in CI ({@code CI=true}) they fail: there the folder is part of the proof.
 */
public final class Samples {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    private Samples(Path folder) {
        this.folder = folder;
    }

    /** The folder, or empty where it is absent and may be. */
    public static Optional<Samples> find() {
        Path folder = folder();
        if (Files.isDirectory(folder)) {
            return Optional.of(new Samples(folder));
        }
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException("no samples at " + folder + "; CI needs them");
        }
        return Optional.empty();
    }

    /** Why a test is skipped when {@link #find} is empty. */
    public static String absent() {
        return "no samples at " + folder() + "; set -Dpostern.samples";
    }

    private static Path folder() {
        String said = System.getProperty("postern.samples", System.getenv("POSTERN_SAMPLES"));
        if (said != null) {
            return Path.of(said);
        }
        String root = System.getProperty("postern.root", System.getProperty("user.dir"));
        Path project = Path.of(root).toAbsolutePath().normalize();
        for (Path at = project.getParent(); at != null; at = at.getParent()) {
            Path folder = at.resolve("shared/reference/samples");
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        return project.resolveSibling("shared").resolve("reference/samples");
    }

    /** Files of {@code vectors} or {@code wire} whose name matches the glob, in order of name. */
    public List<Path> files(String kind, String glob) {
        List<Path> found = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder.resolve(kind), glob)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(null);
        return found;
    }

    /** The objects of one JSONL file, one per line. */
    public static List<JsonNode> lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank()).map(Samples::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a vector file, named without its ending. */
    public List<JsonNode> vectors(String name) {
        return lines(folder.resolve("vectors").resolve(name + ".jsonl"));
    }

    /** The frames of a conversation whose file name starts with the number, in order of time; closings are left out. */
    public List<WireFrame> conversation(String number) {
        List<Path> files = files("wire", number + "-*.jsonl");
        if (files.size() != 1) {
            throw new IllegalArgumentException(files.size() + " conversations start with " + number);
        }
        return lines(files.getFirst()).stream()
                .filter(line -> line.has("contentType"))
                .map(WireFrame::of)
                .toList();
    }

    /** The JSON of a REST file, named without its ending. */
    public JsonNode rest(String name) {
        try {
            return JSON.readTree(folder.resolve("rest").resolve(name + ".json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One frame as its sender wrote it.
     *
     * @param at milliseconds since the conversation began
     * @param headers header id to value, in order of id; the order on the wire is only in {@code wire}
     * @param body complete unless {@code truncated}
     * @param bodyLength what the body had, complete or not
     * @param wire the frame's bytes, kept for the first frames of each kind
     */
    public record WireFrame(
            double at,
            String side,
            String peer,
            String channel,
            int contentType,
            int sequence,
            @Nullable Integer replyFor,
            Map<Integer, byte[]> headers,
            byte[] body,
            int bodyLength,
            boolean truncated,
            byte @Nullable [] wire) {

        public static WireFrame of(JsonNode line) {
            Map<Integer, byte[]> headers = new TreeMap<>();
            line.path("headers")
                    .properties()
                    .forEach(e -> headers.put(
                            Integer.valueOf(e.getKey()), hex(e.getValue().asText())));
            return new WireFrame(
                    line.path("t").asDouble(),
                    line.path("side").asText(),
                    line.path("peer").asText(),
                    line.path("channel").asText(),
                    line.path("contentType").asInt(),
                    line.path("seq").asInt(),
                    line.hasNonNull("replyFor")
                            ? Integer.valueOf(line.path("replyFor").asInt())
                            : null,
                    headers,
                    hex(line.path("body").asText()),
                    line.path("bodyLen").asInt(),
                    line.path("bodyTruncated").asBoolean(),
                    line.hasNonNull("wire") ? hex(line.path("wire").asText()) : null);
        }
    }

    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
