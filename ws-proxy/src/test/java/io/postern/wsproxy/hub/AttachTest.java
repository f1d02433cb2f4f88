package io.postern.wsproxy.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.postern.testkit.engine.TestEngine;
import io.postern.wsproxy.RealEngine;
import io.postern.wsproxy.hub.Room.Sat;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.hub.Viewer.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Main processes of containers of a real engine, and many who look at one. */
@ExtendWith(RealEngine.class)
class AttachTest {
    /** Answers each line, and shows its terminal's size when asked. */
    private static final String ECHO =
            "echo hello; while read line; do case $line in size) stty size;; die) exit 7;; *) echo got $line;; esac; done";

    private static TestEngine engine;
    private static Room room;
    private String box = "";

    @BeforeAll
    static void open(TestEngine shared) {
        engine = shared;
        // a busy machine may leave a reader without its turn for long
        room = new Room(engine, HubOptions.DEFAULT.withLimits(1_000, 1_000).withStall(Duration.ofSeconds(20)));
    }

    @AfterAll
    static void close() {
        if (room != null) {
            room.close();
        }
    }

    @AfterEach
    void remove() {
        engine.remove(box);
    }

    private void box(List<String> options, String script) {
        box = engine.container(options, "sh", "-c", script);
    }

    private Sat observe() {
        return room.sit(Room.BOB, new Wish.Attach(room.find(box), true, Optional.empty()));
    }

    @Test
    void manyLookAtOneProcessAndAllHearItEnd() {
        box(List.of("-i"), ECHO);
        Sat first = room.attach(box);
        first.type("one\n");
        first.watcher().awaitOut("got one\n");
        Sat second = room.attach(box);
        Sat observer = observe();
        second.watcher().awaitOut("got one\n");
        second.type("two\n");
        observer.type("three\n");
        observer.watcher().awaitOut("got two\n");
        first.watcher().awaitOut("got two\n");
        assertEquals(
                3,
                observer.watcher().events(Event.Viewers.class).getLast().all().size());
        first.seat().leave();
        first.watcher().awaitEnd();
        second.type("die\n");
        assertEquals(new End.Exit(7), second.watcher().awaitEnd());
        assertEquals(new End.Exit(7), observer.watcher().awaitEnd());
        assertTrue(!observer.watcher().out().contains("three"), "an observer typed");
        assertEquals(new End.Detached(), first.watcher().end());
        assertNull(second.watcher().fault());
        Awaitility.await()
                .atMost(Room.seconds(60))
                .until(() -> room.hub.present().isEmpty());
    }

    @Test
    void aTerminalHasTheSmallestCommonSize() {
        box(List.of("-it"), ECHO);
        Sat first = room.attach(box);
        Sat second = room.sit(Room.BOB, new Wish.Attach(room.find(box), false, Optional.of(new Size(120, 20))));
        Sat observer = room.sit(Room.BOB, new Wish.Attach(room.find(box), true, Optional.of(new Size(10, 10))));
        observer.seat().resize(new Size(9, 9));
        awaitSize(first, "20 80");
        for (int columns = 200; columns > 100; columns--) {
            second.seat().resize(new Size(columns, 50));
        }
        awaitSize(first, "24 80");
        first.seat().leave();
        awaitSize(second, "50 101");
        List<Event.Resized> sizes = observer.watcher().events(Event.Resized.class);
        assertEquals(new Size(101, 50), sizes.getLast().size());
        assertTrue(sizes.size() < 20, "every step was ordered: " + sizes.size());
    }

    private static void awaitSize(Sat sat, String size) {
        Awaitility.await().atMost(Room.seconds(60)).until(() -> {
            sat.type("size\n");
            return sat.watcher().out().contains("\n" + size + "\r");
        });
    }

    @Test
    void detachKeysOfOneLeaveTheOthers() {
        box(List.of("-it"), ECHO);
        Sat first = room.attach(box);
        Sat second = room.attach(box);
        second.watcher().awaitEvent(Event.Opened.class);
        first.type("\u001e");
        first.type("\u001f");
        assertEquals(new End.Detached(), first.watcher().awaitEnd());
        second.type("\u0015on\n");
        second.watcher().awaitOut("got on");
        assertNull(second.watcher().end());
    }

    @Test
    void anOnlyClientsEndOfInputEndsItsConsole() {
        box(List.of("-i"), ECHO);
        Sat sat = room.attach(box);
        sat.type("last\n");
        sat.watcher().awaitOut("got last");
        sat.seat().closeInput();
        if (sat.watcher().awaitEnd() instanceof End.Exit) {
            return; // Podman ends the process's input, Docker only the stream
        }
        assertInstanceOf(End.Detached.class, sat.watcher().end());
        assertEquals("true", engine.docker("inspect", "-f", "{{.State.Running}}", box));
        Sat again = room.attach(box);
        again.type("more\n");
        again.watcher().awaitOut("got more");
    }

    @Test
    void pauseUnpauseAndANewNameAreShown() {
        box(List.of("-i"), ECHO);
        Sat sat = room.attach(box);
        sat.type("x\n");
        sat.watcher().awaitOut("got x");
        Awaitility.await().atMost(Room.seconds(60)).until(() -> {
            engine.docker("pause", box); // events may be followed only after the console is there
            engine.docker("unpause", box);
            return !sat.watcher().events(Event.Paused.class).isEmpty();
        });
        sat.watcher().awaitEvent(Event.Unpaused.class);
        engine.docker("rename", box, "renamed-" + box.substring(0, 12));
        assertEquals(
                "renamed-" + box.substring(0, 12),
                sat.watcher().awaitEvent(Event.Renamed.class).name());
    }

    @Test
    void aContainerThatIsKilledOrRemovedEndsItsConsoles() {
        box(List.of("-i"), ECHO);
        Sat sat = room.attach(box);
        Sat exec = room.exec(box, true, "sh");
        exec.type("echo he''re\n");
        exec.watcher().awaitOut("here");
        engine.docker("rm", "-f", box);
        End end = sat.watcher().awaitEnd();
        assertTrue(end instanceof End.Exit(int code) && code == 137 || end instanceof End.Broken, end.toString());
        End execEnd = exec.watcher().awaitEnd();
        assertTrue(execEnd instanceof End.Exit || execEnd instanceof End.Broken, execEnd.toString());
    }

    /** A quarter of a gibibyte; POSTERN_FREEZE_MIB takes another size. */
    @Test
    void aViewerThatDoesNotReadFreezesNobody() {
        long mib = Long.parseLong(
                Optional.ofNullable(System.getenv("POSTERN_FREEZE_MIB")).orElse("256"));
        // No log, or the engine writes all of it to the disk as JSON.
        box(
                List.of("-i", "--log-driver", "none"),
                "read go; yes 0123456789abcdef | head -c " + mib * 1024 * 1024 + "; read done");
        Sat reader = room.attach(box);
        Sat sleeper = observe();
        Sat impatient = room.sit(
                Room.BOB, new Wish.Attach(room.find(box), true, Optional.empty()), new Watcher(false), Room.NO_RULES);
        sleeper.watcher().awaitEvent(Event.Opened.class);
        impatient.watcher().awaitEvent(Event.Opened.class);
        sleeper.watcher().reads(false);
        impatient.watcher().reads(false);
        reader.type("go\n");
        reader.watcher().await("all output", () -> reader.watcher().bytes() >= mib * 1024 * 1024);
        assertEquals(mib * 1024 * 1024, reader.watcher().bytes());
        assertEquals(List.of(), reader.watcher().events(Event.Skipped.class));
        sleeper.watcher().reads(true);
        sleeper.seat().writable();
        impatient.watcher().reads(true);
        impatient.seat().writable();
        Event.Skipped skipped = sleeper.watcher().awaitEvent(Event.Skipped.class);
        assertTrue(skipped.bytes() >= (mib - 2) * 1024 * 1024, skipped.toString());
        assertInstanceOf(End.TooSlow.class, impatient.watcher().awaitEnd());
        reader.type("done\n");
        assertEquals(new End.Exit(0), reader.watcher().awaitEnd());
        assertEquals(new End.Exit(0), sleeper.watcher().awaitEnd());
        assertEquals(mib * 1024 * 1024, skipped.bytes() + sleeper.watcher().bytes());
        assertNull(sleeper.watcher().fault());
    }

    /** The process prints as fast as it can, and faster than the one reads: that one sets the pace, the other is skipped. */
    @Test
    void aViewerThatReadsMissesNothingBesideOneThatDoesNot() {
        long all = 256L * 1024 * 1024;
        box(List.of("-i", "--log-driver", "none"), "read go; yes 0123456789abcdef | head -c " + all + "; read done");
        try (Drained reading = new Drained()) {
            Sat reader = room.sit(
                    Room.ALICE, new Wish.Attach(room.find(box), false, Optional.empty()), reading, Room.NO_RULES);
            reading.seat = reader.seat();
            Sat sleeper = observe();
            sleeper.watcher().awaitEvent(Event.Opened.class);
            sleeper.watcher().reads(false);
            reader.type("go\n");
            for (long had = -1; reading.bytes() > had; ) { // as long as it comes, however busy the machine is
                had = reading.bytes();
                long before = had;
                if (before < all) {
                    reading.await("more output", () -> reading.bytes() > before);
                }
            }
            assertEquals(all, reading.bytes());
            assertEquals(List.of(), reading.events(Event.Skipped.class));
            assertNull(reading.fault());
            reader.type("done\n");
            assertEquals(new End.Exit(0), reading.awaitEnd());
            sleeper.watcher().reads(true);
            sleeper.seat().writable();
            assertEquals(new End.Exit(0), sleeper.watcher().awaitEnd());
            assertTrue(sleeper.watcher().awaitEvent(Event.Skipped.class).bytes() >= all - 2 * 1024 * 1024);
        }
    }

    @Test
    void anOnlyViewerThatDoesNotReadFreezesNobody() {
        box(List.of("-i", "--log-driver", "none"), "read go; yes 0123456789abcdef | head -c 67108864; exit 5");
        Sat sleeper = room.attach(box);
        sleeper.watcher().awaitEvent(Event.Opened.class);
        sleeper.watcher().reads(false);
        sleeper.type("go\n");
        assertEquals("5", engine.docker("wait", box));
        sleeper.watcher().reads(true);
        sleeper.seat().writable();
        assertEquals(new End.Exit(5), sleeper.watcher().awaitEnd());
    }

    /** Takes what comes on a thread of its own, 64 KiB each millisecond and no more than half a MiB ahead. */
    private static final class Drained extends Watcher implements AutoCloseable {
        private static final long AHEAD = 512 * 1024;

        private final ExecutorService reader = Executors.newSingleThreadExecutor();
        private final AtomicLong ahead = new AtomicLong();
        private volatile @Nullable Seat seat;

        @Override
        public void output(Stream stream, ByteBuf chunk, long position) {
            int size = chunk.readableBytes();
            ahead.addAndGet(size);
            reader.execute(() -> {
                super.output(stream, chunk, position);
                LockSupport.parkNanos(size * 1_000_000L / 65_536);
                Seat mine = seat;
                if (ahead.addAndGet(-size) < AHEAD && mine != null) {
                    mine.writable();
                }
            });
        }

        @Override
        public boolean isWritable() {
            return ahead.get() < AHEAD;
        }

        @Override
        public void event(Event event) {
            reader.execute(() -> super.event(event));
        }

        @Override
        public void ended(End why) {
            reader.execute(() -> super.ended(why));
        }

        @Override
        public void close() {
            reader.shutdownNow();
        }
    }
}
