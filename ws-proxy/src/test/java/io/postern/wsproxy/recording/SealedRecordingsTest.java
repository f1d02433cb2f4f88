package io.postern.wsproxy.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings under a key: who has the disk and no key has nothing. */
class SealedRecordingsTest {
    private static final Recordings.Title TITLE = new Recordings.Title(
            new ContainerFacts(
                    new HostName("here"),
                    "0".repeat(64),
                    "web-1",
                    "busybox:1",
                    Map.of(),
                    ContainerFacts.State.EXITED,
                    true,
                    true),
            "alice",
            List.of("sh", "-c", "secretcommand"),
            80,
            24);

    @TempDir
    private Path folder;

    private Path firstKey = Path.of("");
    private Path secondKey = Path.of("");

    @BeforeEach
    void keys() throws IOException {
        firstKey = Files.writeString(folder.resolve("first.key"), "0123456789abcdef".repeat(4) + "\n");
        secondKey = Files.writeString(folder.resolve("second.key"), "fedcba9876543210".repeat(4) + "\n");
    }

    private Recordings under(Path... keys) throws IOException {
        return new Recordings(
                RecordingOptions.in(folder.resolve("recordings")).withKeys(RecordingKeys.read(Arrays.asList(keys))));
    }

    private static RecordingId record(Recordings recordings, int lines) {
        Recording recording = recordings.begin(TITLE).toCompletableFuture().join();
        for (int i = 0; i < lines; i++) {
            recording.output(Unpooled.copiedBuffer("secretoutput " + i + "\r\n", StandardCharsets.UTF_8));
        }
        recording.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !recordings.entry(recording.id()).orElseThrow().running());
        return recording.id();
    }

    private Path file(RecordingId id) {
        return folder.resolve("recordings").resolve(id + ".cast.sealed");
    }

    private static String read(Recordings recordings, RecordingId id) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        recordings.version3(id, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theDiskHasNoWordOfItAndTheKeyHasAll() throws IOException {
        try (Recordings recordings = under(firstKey)) {
            RecordingId id = record(recordings, 20_000);
            String disk = Files.readString(file(id), StandardCharsets.ISO_8859_1);
            assertThat(disk)
                    .doesNotContain("secretoutput", "secretcommand", "alice", "web-1", "sha256")
                    .hasSizeGreaterThan(3 * SealedFormat.CHUNK);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(id))))
                    .isEqualTo("rw-------");
            assertThat(read(recordings, id))
                    .contains("secretcommand", "secretoutput 0\\r", "secretoutput 19999\\r", "# end sha256 ");
            StringWriter older = new StringWriter();
            recordings.version2(id, older);
            assertThat(older.toString()).contains("secretoutput 19999\\r");
            assertThat(recordings.verify(id).whole()).isTrue();
            assertThat(recordings.path(id)).as("a file to be sent as it is").isEmpty();
            assertThat(recordings.entry(id).orElseThrow().bytes()).isEqualTo(Files.size(file(id)));
        }
    }

    @Test
    void aKeyThatWasChangedStillOpensWhatItSealed() throws IOException {
        RecordingId clear;
        RecordingId old;
        try (Recordings recordings = under()) {
            clear = record(recordings, 1);
        }
        try (Recordings recordings = under(firstKey)) {
            old = record(recordings, 1);
        }
        try (Recordings recordings = under(secondKey, firstKey)) {
            RecordingId fresh = record(recordings, 1);
            assertThat(recordings.list().stream().map(Recordings.Entry::id)).containsOnly(clear, old, fresh);
            assertThat(read(recordings, old)).contains("secretoutput");
        }
        try (Recordings recordings = under(secondKey)) {
            assertThat(recordings.entry(old)).isEmpty();
            assertThat(recordings.list()).hasSize(2);
            assertThatThrownBy(() -> read(recordings, old)).hasMessageContaining("a key that is not here");
        }
    }

    @Test
    void whatWasChangedDoesNotOpenAndWhatWasCutIsNotWhole() throws IOException {
        try (Recordings recordings = under(firstKey)) {
            RecordingId id = record(recordings, 10_000);
            byte[] good = Files.readAllBytes(file(id));
            byte[] changed = good.clone();
            changed[good.length / 2] ^= 1;
            Files.write(file(id), changed);
            assertThatThrownBy(() -> read(recordings, id)).hasMessageContaining("was changed");
            RecordingId other = record(recordings, 1);
            Files.copy(file(other), file(id), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> read(recordings, id)).hasMessageContaining("was changed");
            for (int length : List.of(good.length - 1, good.length / 2, 60)) {
                Files.write(file(id), Arrays.copyOf(good, length));
                assertThat(recordings.verify(id).whole()).isFalse();
            }
        }
    }

    /** As much is on the disk at any time as is of a clear one: a proxy that is killed loses no more. */
    @Test
    void oneThatIsStillMadeCanBeRead() throws IOException {
        try (Recordings recordings = under(firstKey)) {
            Recording running = recordings.begin(TITLE).toCompletableFuture().join();
            List<String> words = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String word = "secretoutput " + i;
                words.add(word);
                running.output(Unpooled.copiedBuffer(word, StandardCharsets.UTF_8));
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .untilAsserted(
                                () -> assertThat(read(recordings, running.id())).contains(words));
            }
            assertThat(recordings.verify(running.id()).whole()).isFalse();
            running.close();
        }
    }

    @Test
    void aKeyThatIsNoneIsRefusedWithoutItsWords() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.key"), "not a key but perhaps a password");
        assertThatThrownBy(() -> RecordingKeys.read(List.of(bad)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("64 hexadecimal digits")
                .hasMessageNotContaining("password");
        assertThatThrownBy(() -> RecordingKeys.read(List.of(folder.resolve("none"))))
                .hasMessageContaining("cannot be read");
        assertThat(RecordingKeys.read(List.of(firstKey)).toString()).doesNotContain("0123456789abcdef");
    }
}
