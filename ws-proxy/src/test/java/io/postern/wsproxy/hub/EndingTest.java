package io.postern.wsproxy.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.testkit.engine.TestEngine;
import io.postern.wsproxy.RealEngine;
import io.postern.wsproxy.hub.Room.Sat;
import io.postern.wsproxy.hub.Viewer.End;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How commands end that did not end themselves. */
@ExtendWith(RealEngine.class)
class EndingTest {
    private TestEngine engine;
    private String box;

    @BeforeEach
    void open(TestEngine shared) {
        engine = shared;
        box = engine.container(List.of(), "sleep", "100000");
    }

    @AfterEach
    void remove() {
        engine.remove(box);
    }

    private boolean runs(String command) {
        return engine.docker("top", box, "-eo", "pid,args").contains(command);
    }

    private void awaitRuns(String command) {
        Awaitility.await().atMost(Room.seconds(60)).until(() -> runs(command));
    }

    private void awaitNo(String command) {
        Awaitility.await().atMost(Room.seconds(60)).until(() -> !runs(command));
    }

    /** An engine whose client goes says 126 of the command, which runs on. */
    @Test
    void aBrokenWayIsToldAsSuchAndEndsTheCommand() throws Exception {
        try (BreakableWay way = new BreakableWay(engine.socket());
                Room room = new Room(way.socket(), HubOptions.DEFAULT)) {
            Sat sat = room.exec(box, false, "sh", "-c", "while :; do echo up; sleep 0.0471; done");
            sat.watcher().awaitOut("up");
            way.goDeaf();
            sat.type("read\n");
            sat.type("unread\n".repeat(10_000));
            way.breakAll();
            End end = sat.watcher().awaitEnd();
            assertInstanceOf(End.Broken.class, end, end.toString());
            // a reset, or an end in order where nothing of what was typed had come when it broke
            assertTrue(((End.Broken) end).reason().matches(".*(connection|stream|engine).*"), end.toString());
            awaitNo("sleep 0.0471");
        }
    }

    /** A part of the way breaks, and what is left of it ends the stream in order. */
    @Test
    void aWayThatBreaksBeyondIsNotTakenForTheCommandsEnd() throws Exception {
        try (BreakableWay way = new BreakableWay(engine.socket());
                Room room = new Room(way.socket(), HubOptions.DEFAULT)) {
            Sat sat = room.exec(box, false, "sh", "-c", "trap '' PIPE; while :; do echo up; done; : 4719");
            sat.watcher().awaitOut("up");
            way.breakBeyond();
            End end = sat.watcher().awaitEnd();
            // by the command that still runs, or by the engine that answers no more: whichever is seen first
            assertInstanceOf(End.Broken.class, end, end.toString());
            awaitNo(": 4719");
        }
    }

    /** What the engine says of the command cannot be heard then, and neither can the order to end it, at first. */
    @Test
    void aCommandIsEndedOnceItsEngineCanBeReachedAgain() throws Exception {
        try (BreakableWay way = new BreakableWay(engine.socket());
                Room room = new Room(way.socket(), HubOptions.DEFAULT)) {
            Sat sat = room.exec(box, false, "sh", "-c", "trap '' PIPE; while :; do sleep 0.0472; done");
            awaitRuns("sleep 0.0472");
            way.shut(true);
            way.breakAll();
            End end = sat.watcher().awaitEnd();
            assertInstanceOf(End.Broken.class, end, end.toString());
            awaitRuns("sleep 0.0472");
            way.shut(false);
            awaitNo("sleep 0.0472");
            assertTrue(room.seen.stream().noneMatch(ConsoleEvent.Orphan.class::isInstance));
        }
    }

    @Test
    void aCommandThatSays126ItselfIsBelieved() {
        try (Room room = new Room(engine, HubOptions.DEFAULT)) {
            Sat sat = room.exec(box, false, "sh", "-c", "exit 126");
            assertEquals(new End.Exit(126), sat.watcher().awaitEnd());
        }
    }

    @Test
    void theWholeHouseEndsAtOnceWhenTheProxyGoes() {
        Room room = new Room(engine, HubOptions.DEFAULT.withLimits(100, 100));
        List<Sat> all = new ArrayList<>();
        try {
            for (int i = 0; i < 24; i++) {
                Sat sat = room.exec(box, i % 2 == 0, "sh", "-c", "trap '' HUP; echo up; sleep 4718; echo no");
                sat.watcher().awaitOut("up");
                all.add(sat);
            }
            Room.get(room.hub.drain());
            for (Sat sat : all) {
                assertInstanceOf(End.Draining.class, sat.watcher().awaitEnd());
            }
            awaitNo("sleep 4718");
            assertEquals(
                    0,
                    room.seen.stream()
                            .filter(ConsoleEvent.Orphan.class::isInstance)
                            .count());
        } finally {
            room.close();
        }
    }
}
