package io.postern.router.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.postern.transport.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** One mapping of the YAML with the path to it, so that every complaint can name its key. Keys that nobody asks for are tolerated. */
public final class Section {
    private static final Pattern DURATION = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h)");

    private final String path;
    private final JsonNode node;

    Section(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private JsonNode at(String key) {
        JsonNode found = node.get(key);
        return found == null || found.isNull() ? MissingNode.getInstance() : found;
    }

    public boolean has(String key) {
        return !at(key).isMissingNode();
    }

    public Section section(String key) {
        JsonNode found = at(key);
        if (!found.isMissingNode() && !found.isObject()) {
            throw new InvalidConfig(name(key) + " must be a mapping of keys, not " + kind(found));
        }
        return new Section(name(key), found);
    }

    public List<Section> sections(String key) {
        List<Section> all = new ArrayList<>();
        for (JsonNode element : list(key)) {
            String at = name(key) + "[" + all.size() + "]";
            if (!element.isObject()) {
                throw new InvalidConfig(at + " must be a mapping of keys, not " + kind(element));
            }
            all.add(new Section(at, element));
        }
        return all;
    }

    /** A list of texts; one bare text is a list of one. */
    public List<String> texts(String key) {
        return list(key).stream().map(element -> text(name(key), element)).toList();
    }

    private List<JsonNode> list(String key) {
        JsonNode found = at(key);
        if (found.isMissingNode()) {
            return List.of();
        }
        return found.isArray()
                ? StreamSupport.stream(found.spliterator(), false).toList()
                : List.of(found);
    }

    public Optional<String> text(String key) {
        JsonNode found = at(key);
        return found.isMissingNode() ? Optional.empty() : Optional.of(text(name(key), found));
    }

    public String requiredText(String key) {
        return text(key)
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new InvalidConfig(name(key) + " is missing"));
    }

    private static String text(String name, JsonNode node) {
        if (node.isValueNode()) {
            return node.asText();
        }
        throw new InvalidConfig(name + " must be a text, not " + kind(node));
    }

    public int number(String key, int fallback, int least, int most) {
        JsonNode found = at(key);
        if (found.isMissingNode()) {
            return fallback;
        }
        String text = text(name(key), found).strip();
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new InvalidConfig(name(key) + " must be a number from " + least + " to " + most + ", not " + text);
    }

    public boolean flag(String key, boolean fallback) {
        JsonNode found = at(key);
        if (found.isMissingNode()) {
            return fallback;
        }
        return switch (text(name(key), found)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidConfig(name(key) + " must be true or false, not " + found.asText());
        };
    }

    /** As Go writes them, such as {@code 500ms}, {@code 30s}, {@code 1m30s}; a bare number counts in the unit given. */
    public Duration duration(String key, Duration fallback, Duration unitOfBareNumber) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return fallback;
        }
        String value = text.get().strip();
        if (value.matches("[0-9]{1,9}")) {
            return unitOfBareNumber.multipliedBy(Long.parseLong(value));
        }
        Matcher parts = DURATION.matcher(value);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (parts.find() && parts.start() == end) {
            sum = sum.plusNanos((long) (Double.parseDouble(parts.group(1)) * nanos(parts.group(2))));
            end = parts.end();
        }
        if (end == 0 || end != value.length()) {
            throw new InvalidConfig(name(key) + " must be a duration such as 30s or 500ms, not " + value);
        }
        return sum;
    }

    public Duration duration(String key, Duration fallback) {
        return duration(key, fallback, Duration.ofMillis(1));
    }

    private static double nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 3600e9;
        };
    }

    public Address address(String key) {
        return address(name(key), requiredText(key));
    }

    public List<Address> addresses(String key) {
        return texts(key).stream().map(text -> address(name(key), text)).toList();
    }

    private static Address address(String name, String text) {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfig(name + ": " + e.getMessage());
        }
    }

    /** The path to this section, for complaints made elsewhere. */
    public String path() {
        return path;
    }

    private static String kind(JsonNode node) {
        return node.isArray() ? "a list" : node.isObject() ? "a mapping" : "'" + node.asText() + "'";
    }
}
