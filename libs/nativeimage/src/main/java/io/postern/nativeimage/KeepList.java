package io.postern.nativeimage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What is to be kept, as the lists of all jars say. Immutable.
 *
 * @param lines in the order of the lists
 */
record KeepList(List<Line> lines) {
    /** Where a jar has its list. */
    static final String RESOURCE = "META-INF/postern/native.list";

    /** What is done with what a line names. */
    enum Verb {
        JNI,
        REFLECT,
        BODY,
        RUNTIME,
        RESOURCE
    }

    /** @param name the beginning of class names, or a resource's path */
    record Line(Verb verb, String name) {}

    KeepList {
        lines = List.copyOf(lines);
    }

    /** @throws IOException when a list cannot be read; the text names the line that is not one */
    static KeepList read(ClassLoader loader) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (URL list : Collections.list(loader.getResources(RESOURCE))) {
            try (var reader = new BufferedReader(new InputStreamReader(list.openStream(), StandardCharsets.UTF_8))) {
                for (String line : reader.lines().toList()) {
                    if (!line.isBlank() && !line.startsWith("#")) {
                        lines.add(parse(line));
                    }
                }
            }
        }
        return new KeepList(lines);
    }

    private static Line parse(String line) throws IOException {
        String[] words = line.strip().split("\\s+");
        try {
            if (words.length == 2) {
                return new Line(Verb.valueOf(words[0].toUpperCase(Locale.ROOT)), words[1]);
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IOException(RESOURCE + " has a line that is none: " + line);
    }

    /** Names of a verb. */
    List<String> names(Verb verb) {
        return lines.stream()
                .filter(line -> line.verb() == verb)
                .map(Line::name)
                .toList();
    }

    /**
     * Whether an executable for a machine has use for a resource: programs and libraries tell theirs by their names.
     *
     * @param machine {@code amd64} or {@code aarch64}, as native-image calls them
     */
    static boolean isOf(String machine, String resource) {
        boolean amd = resource.contains("x86_64");
        boolean arm = resource.contains("aarch_64") || resource.contains("arm_64");
        return !amd && !arm || (machine.equals("amd64") ? amd : arm);
    }
}
