package io.postern.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.postern.cli.Failure;
import io.postern.cli.Json;
import java.io.BufferedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads an asciicast, version 2 or 3, event by event. */
final class Cast {
    private final BufferedReader lines;
    private final boolean absolute;
    private double clock;

    /**
     * What happened.
     *
     * @param interval seconds since the event before
     * @param code o for output, i input, r resize, m marker, x exit
     */
    record Event(double interval, char code, String data) {}

    private Cast(BufferedReader lines, boolean absolute) {
        this.lines = lines;
        this.absolute = absolute;
    }

    /** Reads the header. */
    static Cast of(BufferedReader lines) throws IOException {
        String first = lines.readLine();
        JsonNode header = first == null ? null : parsed(first);
        int version = header == null ? 0 : header.path("version").asInt();
        if (version != 2 && version != 3) {
            throw new Failure(Failure.FILE, "This is no asciicast of version 2 or 3.");
        }
        return new Cast(lines, version == 2);
    }

    /** The next event, or null at the end. A last line that was cut is the end. */
    @Nullable
    Event next() throws IOException {
        while (true) {
            String line = lines.readLine();
            if (line == null) {
                return null;
            }
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            JsonNode event = parsed(line);
            if (event == null
                    || !event.isArray()
                    || event.size() < 3
                    || event.get(1).asText().isEmpty()) {
                return null;
            }
            double time = event.get(0).asDouble();
            double interval = absolute ? Math.max(0, time - clock) : time;
            clock = time;
            return new Event(
                    interval, event.get(1).asText().charAt(0), event.get(2).asText());
        }
    }

    private static @Nullable JsonNode parsed(String line) throws IOException {
        try {
            return Json.MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
