package io.postern.wsproxy.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.recording.Recordings.Title;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The lines of an asciicast: a header, then events, each with the seconds since the one before (version 3). Pure. */
final class Asciicast {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OURS = "postern";

    private long lastMillis;

    /** @param begun the moment that times count from, in milliseconds */
    Asciicast(long begun) {
        lastMillis = begun;
    }

    static String header(Title title, Instant began) {
        ContainerFacts container = title.container();
        ObjectNode header = JSON.createObjectNode().put("version", 3);
        header.putObject("term")
                .put("cols", title.columns())
                .put("rows", title.rows())
                .put("type", "xterm-256color");
        header.put("timestamp", began.getEpochSecond());
        header.put("title", container.name() + " on " + container.host());
        if (!title.command().isEmpty()) {
            header.put("command", String.join(" ", title.command()));
        }
        ObjectNode ours = header.putObject(OURS)
                .put("host", container.host().value())
                .put("container", container.id())
                .put("name", container.name())
                .put("image", container.image())
                .put("tty", container.tty())
                .put("stdin", container.stdin())
                .put("who", title.who());
        ObjectNode labels = ours.putObject("labels");
        container.labels().forEach(labels::put);
        title.command().forEach(ours.putArray("command")::add);
        return header + "\n";
    }

    /** What a header of ours says. @throws IOException when it is none */
    static Title title(String line) throws IOException {
        JsonNode header = JSON.readTree(line);
        JsonNode ours = header == null ? JSON.nullNode() : header.path(OURS);
        if (!ours.isObject()) {
            throw new IOException("not a recording of a console");
        }
        Map<String, String> labels = new HashMap<>();
        ours.path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        List<String> command = new ArrayList<>();
        ours.path("command").forEach(word -> command.add(word.asText()));
        ContainerFacts container = new ContainerFacts(
                new HostName(ours.path("host").asText()),
                ours.path("container").asText(),
                ours.path("name").asText(),
                ours.path("image").asText(),
                labels,
                ContainerFacts.State.EXITED,
                ours.path("tty").asBoolean(),
                ours.path("stdin").asBoolean());
        JsonNode term = header.path("term");
        return new Title(
                container,
                ours.path("who").asText(),
                command,
                term.path("cols").asInt(80),
                term.path("rows").asInt(24));
    }

    static Instant began(String line) throws IOException {
        return Instant.ofEpochSecond(JSON.readTree(line).path("timestamp").asLong());
    }

    /** Puts one event's line, with its line end; nothing when there is no text. @param text puts what is in the string */
    void event(long atMillis, char code, Page out, Consumer<Page> text) {
        int before = out.length();
        long interval = Math.max(0, atMillis - lastMillis);
        String millis = Long.toString(interval % 1_000);
        out.put("[" + interval / 1_000 + "." + "0".repeat(3 - millis.length()) + millis + ", \"" + code + "\", \"");
        int begin = out.length();
        text.accept(out);
        if (out.length() == begin) {
            out.cut(before);
            return;
        }
        lastMillis = Math.max(atMillis, lastMillis);
        out.put("\"]\n");
    }

    /** Writes a version 3 file as version 2: absolute times, no comments, no exit event. */
    static void toVersion2(BufferedReader in, Writer out) throws IOException {
        JsonNode header = JSON.readTree(in.readLine());
        ObjectNode old = JSON.createObjectNode().put("version", 2);
        old.put("width", header.path("term").path("cols").asInt(80));
        old.put("height", header.path("term").path("rows").asInt(24));
        old.set("timestamp", header.path("timestamp"));
        old.set("title", header.path("title"));
        out.write(old + "\n");
        long millis = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            JsonNode event = JSON.readTree(line);
            millis += Math.round(event.path(0).asDouble() * 1_000);
            if (!event.path(1).asText().equals("x")) {
                out.write(String.format(
                        Locale.ROOT,
                        "[%d.%03d, %s, %s]%n",
                        millis / 1_000,
                        millis % 1_000,
                        event.path(1),
                        event.path(2)));
            }
        }
    }
}
