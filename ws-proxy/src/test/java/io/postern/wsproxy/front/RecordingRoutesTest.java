package io.postern.wsproxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.audit.Happening;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.recording.Recording;
import io.postern.wsproxy.recording.RecordingKeys;
import io.postern.wsproxy.recording.RecordingOptions;
import io.postern.wsproxy.recording.Recordings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings as they are served, from clear files and from sealed ones. */
class RecordingRoutesTest {
    private static final Map<String, String> ALICE = Map.of("Authorization", "Bearer " + FakeRooms.TOKEN);
    private static final int LINES = 30_000;

    @TempDir
    private Path folder;

    private RecordingOptions options(boolean sealed) throws IOException {
        RecordingOptions clear = RecordingOptions.in(folder.resolve("recordings"));
        Path key = Files.writeString(folder.resolve("key"), "0123456789abcdef".repeat(4));
        return sealed ? clear.withKeys(RecordingKeys.read(List.of(key))) : clear;
    }

    private static String record(Recordings recordings, String container) {
        Recordings.Title title = new Recordings.Title(
                FakeRooms.facts(container, "web", ContainerFacts.State.RUNNING), "alice", List.of(), 80, 24);
        Recording recording = recordings.begin(title).toCompletableFuture().join();
        for (int i = 0; i < LINES; i++) {
            recording.output(Unpooled.copiedBuffer("line " + i + "\r\n", StandardCharsets.UTF_8));
            while (!recording.hasRoom()) {
                Thread.onSpinWait();
            }
        }
        recording.close();
        return recording.id().value();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoMayGetsAllOfItAndOthersNothing(boolean sealed) throws IOException {
        String mine;
        String others;
        try (Recordings made = new Recordings(options(sealed))) {
            mine = record(made, FakeRooms.RUNNING);
            others = record(made, FakeRooms.OTHERS);
        }
        try (Recordings recordings = new Recordings(options(sealed));
                FrontServer front = new FrontServer(settings -> settings, Optional.of(recordings))) {
            assertThat(front.call("GET", "/v1/recordings/" + mine, ALICE, null).status())
                    .as("without the right")
                    .isEqualTo(404);
            front.rooms.granted.put("alice", Set.of(Action.VIEW_RECORDING));
            FrontServer.Answer list = front.call("GET", "/v1/recordings", ALICE, null);
            assertThat(list.body().findValuesAsText("id")).contains(mine).doesNotContain(others);
            FrontServer.Answer whole = front.call("GET", "/v1/recordings/" + mine, ALICE, null);
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.text()).contains("line 0\\r", "line " + (LINES - 1) + "\\r", "# end sha256 ");
            FrontServer.Answer older = front.call("GET", "/v1/recordings/" + mine + "?version=2", ALICE, null);
            assertThat(older.text())
                    .contains("\"version\":2", "line " + (LINES - 1) + "\\r")
                    .doesNotContain("sha256");
            assertThat(front.call("GET", "/v1/recordings/" + others, ALICE, null)
                            .status())
                    .isEqualTo(404);
            assertThat(front.rooms.happened)
                    .filteredOn(Happening.RecordingViewed.class::isInstance)
                    .hasSize(2);
        }
    }
}
