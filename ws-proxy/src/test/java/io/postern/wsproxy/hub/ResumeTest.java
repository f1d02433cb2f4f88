package io.postern.wsproxy.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.testkit.engine.TestEngine;
import io.postern.wsproxy.RealEngine;
import io.postern.wsproxy.engine.EngineRefusal;
import io.postern.wsproxy.hub.Room.Sat;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.hub.Viewer.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections that break, limits, and ends from outside; on a real engine. */
@ExtendWith(RealEngine.class)
class ResumeTest {
    private static TestEngine engine;
    private static String box;

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

    private static Sat back(Room room, SessionId session, long from) {
        return room.sit(Room.ALICE, new Wish.Join(session, false, Optional.of(from)));
    }

    @Test
    void nothingIsLostOrDoubledOverBrokenConnections() {
        try (Room room = new Room(engine, HubOptions.DEFAULT)) {
            Sat sat = room.exec(
                    box,
                    false,
                    "sh",
                    "-c",
                    "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; read x; echo got $x; exit 5");
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 3_000; i++) {
                expected.append("line ").append(i).append('\n');
            }
            StringBuilder all = new StringBuilder();
            for (int round = 0; round < 5; round++) {
                Sat now = sat;
                int before = all.length(); // a quick process may have printed all before the last round
                now.watcher()
                        .await(
                                "some lines",
                                () -> now.watcher().bytes() >= 100
                                        || before + now.watcher().bytes() >= expected.length());
                now.seat().lost();
                all.append(now.watcher().out());
                sat = back(room, sat.session(), all.length());
                Event.Opened opened = sat.watcher().awaitEvent(Event.Opened.class);
                assertTrue(opened.resumed());
                assertEquals(all.length(), opened.position());
                assertEquals(0, opened.input());
            }
            sat.type("wo");
            Sat typed = sat;
            typed.watcher()
                    .await(
                            "input taken",
                            () -> !typed.watcher()
                                    .events(Event.InputTaken.class)
                                    .isEmpty());
            typed.seat().lost();
            all.append(typed.watcher().out());
            Sat last = back(room, sat.session(), all.length());
            assertEquals(2, last.watcher().awaitEvent(Event.Opened.class).input());
            last.type("rd\n");
            assertEquals(new End.Exit(5), last.watcher().awaitEnd());
            all.append(last.watcher().out());
            assertEquals(expected + "got word\n", all.toString());
            assertNull(last.watcher().fault());
        }
    }

    @Test
    void anEndThatNobodyHeardIsKept() {
        try (Room room = new Room(engine, HubOptions.DEFAULT)) {
            Sat sat = room.exec(box, false, "sh", "-c", "echo first; read x; echo tail; exit 9");
            sat.watcher().awaitOut("first");
            sat.type("\n");
            sat.seat().lost();
            Console console = room.hub.console(sat.session());
            Awaitility.await()
                    .atMost(Room.seconds(60))
                    .until(() -> console.farewell().isFinished());
            Sat again = back(room, sat.session(), 6);
            assertEquals(new End.Exit(9), again.watcher().awaitEnd());
            assertEquals("tail\n", again.watcher().out());
            // And once more: that client, too, may be gone without a word.
            Sat third = back(room, sat.session(), 0);
            assertEquals(new End.Exit(9), third.watcher().awaitEnd());
            assertEquals("first\ntail\n", third.watcher().out());
            third.seat().leave();
            Awaitility.await()
                    .atMost(Room.seconds(60))
                    .until(() -> console.farewell().over().toCompletableFuture().isDone());
            assertThrows(EngineRefusal.class, () -> back(room, sat.session(), 0));
        }
    }

    @Test
    void afterTheGraceTheProcessIsEnded() {
        try (Room room = new Room(engine, HubOptions.DEFAULT.withGrace(Duration.ofMillis(300)))) {
            Sat sat = room.exec(box, false, "sh", "-c", "echo up; exec sleep 4713");
            sat.watcher().awaitOut("up");
            sat.seat().lost();
            awaitNo("sleep 4713");
            Awaitility.await()
                    .atMost(Room.seconds(60))
                    .until(() -> room.hub.present().isEmpty());
            assertTrue(room.seen.stream()
                    .anyMatch(event -> event instanceof ConsoleEvent.Left left && left.why() instanceof End.Expelled));
        }
    }

    private static void awaitNo(String command) {
        Awaitility.await()
                .atMost(Room.seconds(60))
                .untilAsserted(() -> assertTrue(
                        !engine.docker("top", box, "-eo", "pid,args").contains(command),
                        engine.docker("top", box, "-eo", "pid,args")));
    }

    @Test
    void anotherConnectionTakesThePlaceOfOneThatHangs() {
        try (Room room = new Room(engine, HubOptions.DEFAULT)) {
            Sat sat = room.exec(box, true, "sh", "-c", "stty -echo; echo up; cat");
            sat.watcher().awaitOut("up");
            Sat other = back(room, sat.session(), 0);
            assertInstanceOf(End.Expelled.class, sat.watcher().awaitEnd());
            sat.type("old\n");
            other.type("new\n");
            other.watcher().awaitOut("new");
            assertTrue(!other.watcher().out().contains("old"));
            EngineRefusal refusal = assertThrows(
                    EngineRefusal.class,
                    () -> room.sit(Room.BOB, new Wish.Join(sat.session(), false, Optional.empty())));
            assertEquals(EngineRefusal.Code.BAD_REQUEST, refusal.code());
        }
    }

    @Test
    void anObserverOfACommandSeesAllAndTypesNothing() {
        try (Room room = new Room(engine, HubOptions.DEFAULT)) {
            Sat sat = room.exec(box, true, "sh", "-c", "stty -echo; echo up; cat");
            sat.watcher().awaitOut("up");
            Sat observer = room.sit(Room.BOB, new Wish.Join(sat.session(), true, Optional.empty()));
            observer.watcher().awaitOut("up");
            observer.type("no\n");
            sat.type("yes\n");
            observer.watcher().awaitOut("yes");
            assertTrue(!observer.watcher().out().contains("no\r\n"));
            observer.seat().leave();
            sat.watcher()
                    .await(
                            "two left",
                            () -> sat.watcher()
                                            .events(Event.Viewers.class)
                                            .getLast()
                                            .all()
                                            .size()
                                    == 1);
            sat.type("still\n");
            sat.watcher().awaitOut("still");
            Sat again = room.sit(Room.BOB, new Wish.Join(sat.session(), true, Optional.empty()));
            again.watcher().awaitOut("still");
            sat.seat().leave();
            assertInstanceOf(End.Detached.class, again.watcher().awaitEnd());
        }
    }

    @Test
    void limitsAreKeptAndGivenBack() {
        try (Room room = new Room(engine, HubOptions.DEFAULT.withLimits(2, 3))) {
            Sat one = room.exec(box, false, "cat");
            room.exec(box, false, "cat");
            assertEquals(EngineRefusal.Code.LIMIT, refused(room, Room.ALICE));
            room.sit(Room.BOB, room.wish(box, false, "cat"));
            assertEquals(EngineRefusal.Code.LIMIT, refused(room, Room.BOB));
            one.seat().closeInput();
            one.watcher().awaitEnd();
            Consoles.Prepared prepared =
                    Room.get(room.hub.prepare(Room.ALICE, room.wish(box, false, "cat"), Room.NO_RULES));
            assertEquals(EngineRefusal.Code.LIMIT, refused(room, Room.ALICE));
            prepared.abandon();
            Awaitility.await().atMost(Room.seconds(60)).ignoreExceptions().until(() -> {
                room.exec(box, false, "cat");
                return true;
            });
        }
    }

    private static EngineRefusal.Code refused(Room room, io.postern.wsproxy.access.Subject who) {
        return assertThrows(EngineRefusal.class, () -> room.sit(who, room.wish(box, false, "cat")))
                .code();
    }

    @Test
    void whoIsExpelledGoesAtOnceWithHisProcess() {
        try (Room room = new Room(engine, HubOptions.DEFAULT)) {
            Sat sat = room.exec(box, true, "sh", "-c", "trap '' HUP; echo up; sleep 4714; sleep 4714");
            sat.watcher().awaitOut("up");
            Sat lost = room.exec(box, false, "sh", "-c", "echo up; sleep 4715");
            lost.watcher().awaitOut("up");
            lost.seat().lost();
            Awaitility.await()
                    .atMost(Room.seconds(60))
                    .until(() -> room.hub.present().size() == 2);
            room.hub.expel(present -> present.who().equals(Room.ALICE), "the right is gone");
            assertEquals(new End.Expelled("the right is gone"), sat.watcher().awaitEnd());
            awaitNo("sleep 4714");
            awaitNo("sleep 4715");
            assertEquals(List.of(), room.hub.present());
        }
    }

    @Test
    void consolesEndWhenIdleAndAtTheirLongest() {
        HubOptions idle = HubOptions.DEFAULT.withLengths(Duration.ofMillis(400), Duration.ofHours(1));
        try (Room room = new Room(engine, idle)) {
            Sat sat = room.exec(box, true, "sh", "-c", "sleep 4716");
            assertInstanceOf(End.Expelled.class, sat.watcher().awaitEnd());
            awaitNo("sleep 4716");
        }
        HubOptions longest = HubOptions.DEFAULT.withLengths(Duration.ofHours(1), Duration.ofMillis(400));
        try (Room room = new Room(engine, longest)) {
            Sat sat = room.exec(box, true, "sh", "-c", "while :; do echo busy; sleep 1; done");
            assertInstanceOf(End.Expelled.class, sat.watcher().awaitEnd());
        }
    }

    @Test
    void drainTellsAllEndsAllAndLetsNobodyIn() {
        Room room = new Room(engine, HubOptions.DEFAULT);
        try {
            Sat sat = room.exec(box, true, "sh", "-c", "echo up; sleep 4717");
            sat.watcher().awaitOut("up");
            Room.get(room.hub.drain());
            assertInstanceOf(End.Draining.class, sat.watcher().awaitEnd());
            awaitNo("sleep 4717");
            assertEquals(EngineRefusal.Code.DRAINING, refused(room, Room.ALICE));
        } finally {
            room.close();
        }
    }

    @Test
    void anEngineThatGoesEndsConsolesWithAReasonAndServesAgain() {
        TestEngine own = TestEngine.start();
        try (Room room = new Room(own, HubOptions.DEFAULT)) {
            String container = own.container(List.of("-i", "--name", "reborn"), "cat");
            Sat exec = room.exec(container, true, "sh");
            Sat attach = room.attach(container);
            exec.type("echo u''p\n");
            exec.watcher().awaitOut("up");
            own.kill();
            assertReason(exec.watcher().awaitEnd());
            assertReason(attach.watcher().awaitEnd());
            assertEquals(
                    EngineRefusal.Code.HOST_UNREACHABLE,
                    assertThrows(EngineRefusal.class, () -> room.find(container))
                            .code());
            own.up();
            own.docker("start", "reborn");
            Sat again = room.attach(container);
            again.type("back\n");
            again.watcher().awaitOut("back");
        } finally {
            own.close();
        }
    }

    private static void assertReason(End end) {
        // A process may be seen to die with the engine, before the engine is seen to go.
        assertTrue(
                end instanceof End.Broken(String reason) && reason.contains("engine") || end instanceof End.Exit,
                end.toString());
    }
}
