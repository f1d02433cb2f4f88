package io.postern.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names and describes every meter as Prometheus asks, ours and those of libraries: a help text, labels in snake case, no unit
 * but base units, no suffix that means another type. Immutable.
 */
public final class CleanMeters implements MeterFilter {
    /** The one counts nanoseconds, the other writes series without a help; neighbours of both say what anybody asks. */
    private static final Set<String> LEFT_OUT = Set.of("process.cpu.time", "http.server.connections");

    private static final Pattern CAMEL = Pattern.compile("([a-z0-9])([A-Z])");

    private final Properties help = new Properties();

    /** Reads the help texts. */
    public CleanMeters() {
        try (InputStream texts = CleanMeters.class.getResourceAsStream("help.properties")) {
            help.load(texts);
        } catch (IOException e) {
            throw new UncheckedIOException("help.properties cannot be read", e);
        }
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        return LEFT_OUT.contains(id.getName()) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        List<Tag> tags = id.getTags().stream()
                .map(tag -> Tag.of(snakeCase(tag.getKey()), tag.getValue()))
                .toList();
        return new Meter.Id(name(id.getName()), Tags.of(tags), id.getBaseUnit(), describe(id), id.getType());
    }

    /** {@code _count} is the suffix of a histogram's part. */
    private static String name(String name) {
        return name.equals("system.cpu.count") ? "system.cpus" : name;
    }

    private String describe(Meter.Id id) {
        String known = help.getProperty(id.getName());
        return known != null ? known : plain(id.getDescription(), id.getName());
    }

    private static String plain(@Nullable String description, String name) {
        return description == null || description.isBlank()
                ? "Not described: " + name.replace('.', ' ')
                : description.replace("\"", "");
    }

    private static String snakeCase(String key) {
        return CAMEL.matcher(key).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
    }
}
