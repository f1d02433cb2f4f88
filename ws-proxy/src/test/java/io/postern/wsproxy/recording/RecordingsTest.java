package io.postern.wsproxy.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.Unpooled;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Recordings.Title TITLE = new Recordings.Title(
            new ContainerFacts(
                    new HostName("here"),
                    "0".repeat(64),
                    "web-1",
                    "busybox:1",
                    Map.of("team", "a"),
                    ContainerFacts.State.EXITED,
                    true,
                    true),
            "alice",
            List.of("sh", "-c", "x"),
            80,
            24);

    @TempDir
    private Path folder;

    private static Recording begin(Recordings recordings) {
        return recordings.begin(TITLE).toCompletableFuture().join();
    }

    private static void sealed(Recordings recordings, RecordingId id) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !recordings.entry(id).orElseThrow().running());
    }

    private List<JsonNode> lines(RecordingId id) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(id + ".cast"))) {
            if (!line.startsWith("#")) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    @Test
    void whatHappensIsWrittenInOrderAndWhole() throws IOException {
        try (Recordings recordings = new Recordings(RecordingOptions.in(folder))) {
            Recording recording = begin(recordings);
            byte[] text = "a \"quoted\" é\u001b[1m 𝄞\r\n".getBytes(StandardCharsets.UTF_8);
            for (byte one : text) { // cut at every place
                recording.output(Unpooled.copiedBuffer(new byte[] {one}));
            }
            recording.resize(100, 30);
            recording.marker("bob observes");
            recording.input(Unpooled.copiedBuffer("ls\r", StandardCharsets.UTF_8));
            recording.output(Unpooled.copiedBuffer(new byte[] {'x', (byte) 0xC3}));
            recording.exit(3);
            recording.close();
            sealed(recordings, recording.id());
            List<JsonNode> lines = lines(recording.id());
            assertEquals(3, lines.getFirst().path("version").asInt());
            assertEquals(80, lines.getFirst().path("term").path("cols").asInt());
            StringBuilder output = new StringBuilder();
            StringBuilder codes = new StringBuilder();
            for (JsonNode event : lines.subList(1, lines.size())) {
                assertTrue(event.path(0).asDouble() >= 0);
                String code = event.path(1).asText();
                if (code.equals("o")) {
                    output.append(event.path(2).asText());
                } else {
                    codes.append(code)
                            .append('=')
                            .append(event.path(2).asText())
                            .append(' ');
                }
            }
            assertEquals("a \"quoted\" é\u001b[1m 𝄞\r\nx\uFFFD", output.toString());
            assertEquals("r=100x30 m=bob observes i=ls\r x=3 ", codes.toString());
            Recordings.Entry entry = recordings.list().getFirst();
            assertEquals(TITLE, entry.title());
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(entry.id() + ".cast"))));
        }
        try (Recordings again = new Recordings(RecordingOptions.in(folder))) {
            assertEquals(TITLE, again.list().getFirst().title(), "as read from the file");
        }
    }

    @Test
    void theSealIsTheHashThatALaterLookFinds() throws IOException {
        Map<RecordingId, String> seals = new ConcurrentHashMap<>();
        try (Recordings recordings = new Recordings(RecordingOptions.in(folder), (id, title, sha256) -> {
            assertEquals(TITLE, title);
            seals.put(id, sha256);
        })) {
            Recording recording = begin(recordings);
            recording.output(Unpooled.copiedBuffer("said", StandardCharsets.UTF_8));
            recording.close();
            sealed(recordings, recording.id());
            assertEquals(
                    Map.of(recording.id(), recordings.verify(recording.id()).last()), seals);
            // written anew as a whole the file is well formed, but not what was sealed
            Recording forged = begin(recordings);
            forged.output(Unpooled.copiedBuffer("unsaid", StandardCharsets.UTF_8));
            forged.close();
            sealed(recordings, forged.id());
            Files.copy(
                    folder.resolve(forged.id() + ".cast"),
                    folder.resolve(recording.id() + ".cast"),
                    StandardCopyOption.REPLACE_EXISTING);
            Recordings.Verdict verdict = recordings.verify(recording.id());
            assertTrue(verdict.intact() && verdict.whole());
            assertNotEquals(seals.get(recording.id()), verdict.last());
        }
    }

    @Test
    void version2HasAbsoluteTimesAndNoComments() throws IOException {
        try (Recordings recordings = new Recordings(RecordingOptions.in(folder))) {
            Recording recording = begin(recordings);
            recording.output(Unpooled.copiedBuffer("hi", StandardCharsets.UTF_8));
            recording.exit(0);
            recording.close();
            sealed(recordings, recording.id());
            StringWriter out = new StringWriter();
            recordings.version2(recording.id(), out);
            String[] lines = out.toString().split("\n");
            assertEquals(2, lines.length);
            assertEquals(2, JSON.readTree(lines[0]).path("version").asInt());
            assertEquals(80, JSON.readTree(lines[0]).path("width").asInt());
            assertEquals("hi", JSON.readTree(lines[1]).path(2).asText());
        }
    }

    @Test
    void aChangedOrCutFileIsFound() throws IOException {
        try (Recordings recordings = new Recordings(RecordingOptions.in(folder))) {
            Recording recording = begin(recordings);
            for (int i = 0; i < 3_000; i++) {
                recording.output(Unpooled.copiedBuffer("line " + i + " of many\r\n", StandardCharsets.UTF_8));
            }
            recording.close();
            sealed(recordings, recording.id());
            RecordingId id = recording.id();
            Path file = folder.resolve(id + ".cast");
            byte[] good = Files.readAllBytes(file);
            assertEquals(new Verdict(true, true), verdict(recordings, id));
            assertTrue(new String(good, StandardCharsets.UTF_8).split("\n# sha256 ").length > 1, "links on the way");
            byte[] changed = good.clone();
            changed[good.length / 3] ^= 1;
            Files.write(file, changed);
            assertFalse(recordings.verify(id).intact());
            Files.write(file, java.util.Arrays.copyOf(good, good.length / 2));
            assertFalse(recordings.verify(id).whole());
            Files.write(file, good);
            Files.writeString(file, "[0.1, \"o\", \"more\"]\n", StandardOpenOption.APPEND);
            assertFalse(recordings.verify(id).intact());
        }
    }

    private record Verdict(boolean intact, boolean whole) {}

    private static Verdict verdict(Recordings recordings, RecordingId id) throws IOException {
        Recordings.Verdict verdict = recordings.verify(id);
        return new Verdict(verdict.intact(), verdict.whole());
    }

    @Test
    void theQuotaEndsWhatRunsAndLetsNoneBegin() throws Exception {
        try (Recordings recordings = new Recordings(RecordingOptions.in(folder).withQuota(10_000))) {
            Recording recording = begin(recordings);
            CountDownLatch failed = new CountDownLatch(1);
            recording.listen(() -> {}, failed::countDown);
            recording.output(Unpooled.copiedBuffer("x".repeat(9_990), StandardCharsets.UTF_8));
            assertTrue(failed.await(60, TimeUnit.SECONDS));
            assertFalse(recording.output(Unpooled.copiedBuffer("y", StandardCharsets.UTF_8)));
            Files.write(folder.resolve("0".repeat(32) + ".cast"), new byte[10_000]);
        }
        try (Recordings full = new Recordings(RecordingOptions.in(folder).withQuota(10_000))) {
            assertThrows(CompletionException.class, () -> begin(full));
            assertEquals(2, Files.list(folder).count(), "nothing is left of the one that did not begin");
        }
    }

    @Test
    void whatIsOldIsDeletedAndMakesRoom() throws IOException {
        try (Recordings recordings = new Recordings(RecordingOptions.in(folder).withRetention(Duration.ofDays(2)))) {
            Recording old = begin(recordings);
            old.close();
            sealed(recordings, old.id());
            Recording running = begin(recordings);
            Files.setLastModifiedTime(
                    folder.resolve(running.id() + ".cast"),
                    FileTime.from(Instant.now().minus(Duration.ofDays(30))));
            recordings.sweep(Instant.now());
            assertEquals(2, recordings.list().size());
            recordings.sweep(Instant.now().plus(Duration.ofDays(3)));
            assertEquals(
                    List.of(running.id()),
                    recordings.list().stream().map(Recordings.Entry::id).toList());
        }
    }
}
