package io.postern.wsproxy.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.testkit.engine.TestEngine;
import io.postern.wsproxy.RealEngine;
import io.postern.wsproxy.access.Rights.Recording;
import io.postern.wsproxy.engine.EngineRefusal;
import io.postern.wsproxy.hub.Room.Sat;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.hub.Viewer.Event;
import io.postern.wsproxy.recording.RecordingOptions;
import io.postern.wsproxy.recording.Recordings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Consoles on record. */
@ExtendWith(RealEngine.class)
class RecordedTest {
    private static TestEngine engine;
    private static String box;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open(TestEngine shared) {
        engine = shared;
        box = engine.container(List.of(), "sleep", "100000");
    }

    @AfterAll
    static void close() {
        if (engine != null) {
            engine.remove(box);
        }
    }

    private static Sat exec(Room room, Recording mode, String script) {
        return room.sit(Room.ALICE, room.wish(box, true, "sh", "-c", script), new Watcher(), Room.rules(mode));
    }

    @Test
    void aConsoleIsRecordedWithoutWhatWasTyped() throws IOException {
        try (Recordings recordings = new Recordings(RecordingOptions.in(folder));
                Room room = new Room(engine, HubOptions.DEFAULT, Optional.of(recordings))) {
            Sat sat = exec(room, Recording.ON, "stty -echo; echo ask; read x; echo thanks; exit 6");
            assertTrue(sat.watcher().awaitEvent(Event.Opened.class).recorded());
            sat.watcher().awaitOut("ask");
            sat.type("secret\n");
            assertEquals(new End.Exit(6), sat.watcher().awaitEnd());
            Awaitility.await()
                    .atMost(Room.seconds(60))
                    .until(() -> !recordings.list().getFirst().running());
            Recordings.Entry entry = recordings.list().getFirst();
            assertEquals("alice", entry.title().who());
            assertTrue(recordings.verify(entry.id()).whole());
            String text = Files.readString(recordings.path(entry.id()).orElseThrow());
            assertTrue(text.contains("ask\\r\\n") && text.contains("thanks") && text.contains("\"x\", \"6\""), text);
            assertTrue(text.contains("alice sits down"), text);
            assertTrue(!text.contains("secret"), "what was typed is on record");
        }
    }

    @Test
    void whereItIsRequiredNoConsoleIsWithout() {
        try (Room room = new Room(engine, HubOptions.DEFAULT)) {
            EngineRefusal refusal =
                    assertThrows(EngineRefusal.class, () -> exec(room, Recording.REQUIRED, "echo never"));
            assertEquals(EngineRefusal.Code.RECORDING_FAILED, refusal.code());
            assertEquals(
                    new End.Exit(0),
                    exec(room, Recording.ON, "echo ever").watcher().awaitEnd());
            assertEquals(List.of(), room.hub.present());
        }
    }

    @Test
    void aRecordingThatFailsEndsAConsoleThatNeedsIt() {
        try (Recordings recordings = new Recordings(RecordingOptions.in(folder).withQuota(20_000));
                Room room = new Room(engine, HubOptions.DEFAULT, Optional.of(recordings))) {
            Sat sat = exec(room, Recording.REQUIRED, "yes | head -c 100000; sleep 4718");
            End end = sat.watcher().awaitEnd();
            assertInstanceOf(End.Broken.class, end);
            Awaitility.await()
                    .atMost(Room.seconds(60))
                    .until(() -> !engine.docker("top", box, "-eo", "pid,args").contains("sleep 4718"));
        }
    }

    @Test
    void aCommandWaitsForItsRecording() {
        try (Recordings recordings = new Recordings(RecordingOptions.in(folder));
                Room room = new Room(engine, HubOptions.DEFAULT, Optional.of(recordings))) {
            Sat sat = exec(room, Recording.REQUIRED, "yes 0123456789 | head -c 20000000");
            assertEquals(new End.Exit(0), sat.watcher().awaitEnd());
            Awaitility.await()
                    .atMost(Room.seconds(60))
                    .until(() -> !recordings.list().getFirst().running());
            // Each line end is written as \\r\\n: nothing was left out.
            assertTrue(
                    recordings.list().getFirst().bytes() > 20_000_000,
                    recordings.list().toString());
        }
    }
}
