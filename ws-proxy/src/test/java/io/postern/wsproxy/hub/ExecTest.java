package io.postern.wsproxy.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.testkit.engine.TestEngine;
import io.postern.wsproxy.RealEngine;
import io.postern.wsproxy.engine.EngineRefusal;
import io.postern.wsproxy.hub.Room.Sat;
import io.postern.wsproxy.hub.Viewer.End;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Commands in a container of a real engine. */
@ExtendWith(RealEngine.class)
class ExecTest {
    private static final int MIB = 1024 * 1024;

    private static TestEngine engine;
    private static Room room;
    private static String box;

    @BeforeAll
    static void open(TestEngine shared) {
        engine = shared;
        room = new Room(engine, HubOptions.DEFAULT.withLimits(1_000, 1_000));
        box = engine.container(List.of(), "sleep", "100000");
    }

    @AfterAll
    static void close() {
        if (room != null) {
            room.close();
            engine.remove(box);
        }
    }

    private static void exits(int code, Sat sat) {
        assertEquals(new End.Exit(code), sat.watcher().awaitEnd());
        assertNull(sat.watcher().fault());
    }

    @Test
    void outputsStayApartAndTheCodeComes() {
        Sat sat = room.exec(box, false, "sh", "-c", "echo out; echo err >&2; exit 3");
        exits(3, sat);
        assertEquals("out\n", sat.watcher().out());
        assertEquals("err\n", sat.watcher().err());
    }

    @Test
    void aTerminalMergesThemAndHasItsSize() {
        Sat sat = room.exec(box, true, "sh", "-c", "echo out; echo err >&2; read line; stty size; exit 4");
        sat.watcher().awaitEvent(Viewer.Event.Resized.class);
        Awaitility.await().atMost(Room.seconds(60)).until(() -> {
            Sat look = room.exec(box, false, "sh", "-c", "for t in /dev/pts/[0-9]*; do stty size -F $t; done");
            look.watcher().awaitEnd();
            return look.watcher().out().contains("30 100");
        });
        sat.type("\n");
        exits(4, sat);
        assertTrue(
                sat.watcher().out().startsWith("out\r\nerr\r\n"), sat.watcher().out());
        assertTrue(sat.watcher().out().contains("30 100"), sat.watcher().out());
        assertEquals("", sat.watcher().err());
    }

    @Test
    void aMissingCommandSaysSo() {
        Sat plain = room.exec(box, false, "/no/such/thing");
        assertTrue(
                ((End.Exit) plain.watcher().awaitEnd()).code() >= 126,
                "" + plain.watcher().end());
        assertTrue(
                (plain.watcher().out() + plain.watcher().err()).contains("no such file"),
                plain.watcher().err());
        Sat tty = room.exec(box, true, "/no/such/thing");
        assertTrue(((End.Exit) tty.watcher().awaitEnd()).code() >= 126);
        assertTrue(tty.watcher().out().contains("no such file"), tty.watcher().out());
    }

    @Test
    void aHalfClosedInputEndsCat() {
        Sat sat = room.exec(box, false, "cat");
        sat.type("one\n");
        sat.watcher().awaitOut("one\n");
        sat.type("two\n");
        sat.seat().closeInput();
        exits(0, sat);
        assertEquals("one\ntwo\n", sat.watcher().out());
    }

    @Test
    void sixtyFourMebibytesGoBothWaysUnchanged() throws Exception {
        Sat sat = room.exec(box, false, "cat");
        MessageDigest sent = Watcher.sha256();
        Semaphore room = new Semaphore(0);
        Random random = new Random(1);
        byte[] block = new byte[64 * 1024];
        for (int i = 0; i < 64 * MIB / block.length; i++) {
            random.nextBytes(block);
            sent.update(block);
            ByteBuf bytes = Unpooled.copiedBuffer(block);
            if (!sat.seat().input(bytes, room::release)) {
                room.acquire();
            }
        }
        sat.seat().closeInput();
        exits(0, sat);
        assertEquals(64L * MIB, sat.watcher().bytes());
        assertEquals(HexFormat.of().formatHex(sent.digest()), sat.watcher().sha());
        assertEquals(
                64L * MIB,
                sat.watcher().awaitEvent(Viewer.Event.InputTaken.class).position());
    }

    @Test
    void aSlowOwnerLosesNothingAndTheCommandWaits() {
        Sat sat = room.exec(box, false, "sh", "-c", "head -c 16000000 /dev/zero; echo end >&2");
        sat.watcher().awaitEvent(Viewer.Event.Opened.class);
        sat.watcher().reads(false);
        Console console = room.hub.console(sat.session());
        Awaitility.await().atMost(Room.seconds(60)).until(() -> console.isEngineHeld());
        assertTrue(
                console.ring().end() < 4 * MIB,
                "the command ran on: " + console.ring().end());
        sat.watcher().reads(true);
        sat.seat().writable();
        exits(0, sat);
        assertEquals(16_000_000 + 4, sat.watcher().bytes());
        assertEquals(List.of(), sat.watcher().events(Viewer.Event.Skipped.class));
    }

    @Test
    void charactersComeWholeWhereverTheyAreCut() {
        String text = "aß€𝄞日本";
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Sat sat = room.exec(box, false, "cat");
        StringBuilder all = new StringBuilder();
        for (int cut = 0; cut <= bytes.length; cut++) {
            sat.seat().input(Unpooled.copiedBuffer(bytes, 0, cut), () -> {});
            sat.seat().input(Unpooled.copiedBuffer(bytes, cut, bytes.length - cut), () -> {});
            all.append(text);
            sat.watcher().awaitOut(all.toString());
        }
        sat.seat().closeInput();
        exits(0, sat);
        assertEquals(all.toString(), sat.watcher().out());
    }

    @Test
    void ctrlPIsNotHeldBackAndTheDetachKeysLeave() {
        Sat sat = room.exec(box, true, "sh", "-c", "stty raw -echo; echo ready; exec cat");
        sat.watcher().awaitOut("ready");
        sat.type("\u0010");
        sat.watcher().awaitOut("\u0010");
        sat.type("x\u001e\u001fbehind");
        assertEquals(new End.Detached(), sat.watcher().awaitEnd());
        awaitNoProcess("cat");
    }

    private static void awaitNoProcess(String name) {
        Awaitility.await()
                .atMost(Room.seconds(60))
                .untilAsserted(() -> assertTrue(
                        engine.docker("top", box, "-eo", "pid,args")
                                .lines()
                                .noneMatch(line -> line.endsWith(" " + name)),
                        engine.docker("top", box, "-eo", "pid,args")));
    }

    @Test
    void whoLeavesTakesHisProcessesWithHim() {
        Sat sat = room.exec(box, true, "sh", "-c", "trap '' HUP INT QUIT; sleep 4711 & sleep 4712; wait");
        Awaitility.await()
                .atMost(Room.seconds(60))
                .until(() -> engine.docker("top", box, "-eo", "pid,args").contains("sleep 4712"));
        sat.seat().leave();
        awaitNoProcess("sleep 4711");
        awaitNoProcess("sleep 4712");
        Awaitility.await()
                .atMost(Room.seconds(60))
                .until(() -> room.hub.present().stream()
                        .noneMatch(present -> present.session().equals(sat.session())));
    }

    @Test
    void whatCannotBeIsRefusedBefore() {
        assertEquals(
                EngineRefusal.Code.CONTAINER_UNKNOWN,
                assertThrows(EngineRefusal.class, () -> room.find("nobody")).code());
        assertEquals(
                EngineRefusal.Code.CONTAINER_UNKNOWN,
                assertThrows(EngineRefusal.class, () -> room.find(box.substring(0, 6)))
                        .code());
        assertEquals(box, room.find(box.substring(0, 12)).id());
        assertEquals(
                EngineRefusal.Code.BAD_REQUEST,
                assertThrows(EngineRefusal.class, () -> room.find("../x")).code());
        Wish.Exec wish = room.wish(box, false, "id");
        var user = new Wish.Exec(
                wish.container(),
                wish.command(),
                false,
                false,
                Optional.of("no-such-user"),
                Optional.empty(),
                List.of(),
                Optional.empty());
        // Engines only look for the user when they start the command; Docker's then runs nothing, Podman's refuses.
        End end = room.sit(Room.ALICE, user).watcher().awaitEnd();
        assertTrue(end instanceof End.Exit(int code) && code >= 126 || end instanceof End.Broken, end.toString());
    }

    @Test
    void stoppedAndPausedContainersAreRefused() {
        String other = engine.container(List.of(), "sleep", "100000");
        try {
            engine.docker("pause", other);
            assertEquals(
                    EngineRefusal.Code.CONTAINER_PAUSED,
                    assertThrows(EngineRefusal.class, () -> room.exec(other, false, "true"))
                            .code());
            assertEquals(
                    EngineRefusal.Code.CONTAINER_PAUSED,
                    assertThrows(EngineRefusal.class, () -> room.attach(other)).code());
            engine.docker("unpause", other);
            engine.docker("kill", other);
            assertEquals(
                    EngineRefusal.Code.CONTAINER_NOT_RUNNING,
                    assertThrows(EngineRefusal.class, () -> room.exec(other, false, "true"))
                            .code());
            assertEquals(
                    EngineRefusal.Code.CONTAINER_NOT_RUNNING,
                    assertThrows(EngineRefusal.class, () -> room.attach(other)).code());
        } finally {
            engine.remove(other);
        }
    }
}
