package io.postern.wsproxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.wsproxy.hub.Size;
import io.postern.wsproxy.hub.Viewer;
import io.postern.wsproxy.hub.Wish;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleRoutesTest {
    private static final String V5 = "v5.channel.k8s.io";
    private static final String CONSOLE = "console.postern.v1";
    private static final String ATTACH = "/v1/hosts/dock1/containers/web-1/attach";
    private static final String EXEC = "/v1/hosts/dock1/containers/web-1/exec";
    private static final String POD = "/api/v1/namespaces/dock1/pods/web-1";

    private final FrontServer server = new FrontServer();

    @AfterEach
    void close() {
        server.close();
    }

    private static void soon(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
    }

    @Test
    void v5CarriesBytesSizesTheEndOfInputAndTheExitCode() {
        try (var talk = server.open(POD + "/exec?command=sh&command=-c&stdin=true&stdout=true&stderr=true", V5)) {
            soon(() -> assertThat(talk.messages()).isPositive());
            assertThat(talk.binary.getFirst().getBytes()).containsExactly(1);
            talk.send((byte) 0, (byte) 'h', (byte) 'i');
            soon(() -> assertThat(talk.all(1)).isEqualTo("hi"));
            talk.send("\4{\"Width\":101,\"Height\":33}\n".getBytes(StandardCharsets.UTF_8));
            talk.send((byte) 0xFF, (byte) 0);
            soon(() -> assertThat(server.seat().did).contains("resize 101x33", "eof"));
            server.seat().print(Viewer.Stream.ERR, "oh".getBytes(StandardCharsets.UTF_8));
            server.seat().end(new Viewer.End.Exit(3));
            assertThat(talk.closeCode()).isEqualTo(1000);
            assertThat(talk.all(2)).isEqualTo("oh");
            assertThat(talk.all(3)).contains("NonZeroExitCode").contains("\"3\"");
        }
        assertThat(server.rooms.wishes.getFirst()).isInstanceOfSatisfying(Wish.Exec.class, exec -> {
            assertThat(exec.command()).containsExactly("sh", "-c");
            assertThat(exec.tty()).isFalse();
            assertThat(exec.container().id()).isEqualTo(FakeRooms.RUNNING);
        });
    }

    @Test
    void v5ClientThatGoesEndsItsCommand() {
        var talk = server.open(POD + "/exec?command=sh&stdin=true&stdout=true", V5);
        FakeRooms.Sitting seat = server.seat();
        talk.close();
        soon(() -> assertThat(seat.did).contains("leave").doesNotContain("lost"));
    }

    @Test
    void kubernetesAttachWithoutInputOnlyObserves() {
        server.rooms.granted.put("alice", java.util.Set.of(io.postern.wsproxy.access.Action.OBSERVE));
        try (var talk = server.open(POD + "/attach?stdout=true", V5)) {
            talk.send((byte) 0, (byte) 'x');
            talk.send("\4{\"Width\":1,\"Height\":1}".getBytes(StandardCharsets.UTF_8));
            soon(() -> assertThat(server.seat().did).contains("resize 1x1"));
            assertThat(server.seat().typed).isEmpty();
        }
        assertThat(server.upgrade(POD + "/attach?stdin=true&stdout=true", List.of(V5), FrontServer.bearer()))
                .isEqualTo(403);
        assertThat(server.upgrade(POD + "/exec?command=id&stdout=true", List.of(V5), FrontServer.bearer()))
                .isEqualTo(403);
    }

    @Test
    void consoleSaysWhatItIsThenCarriesBytesAndPositions() {
        try (var talk = server.open(EXEC + "?command=sh&tty=true&cols=90&rows=30&user=app&workdir=/tmp", CONSOLE)) {
            soon(() -> assertThat(talk.words()).contains("\"type\":\"opened\"").contains("\"window\":"));
            talk.send((byte) 0, (byte) 'h', (byte) 'i');
            soon(() -> assertThat(talk.all(1)).isEqualTo("hi"));
            talk.say("{\"type\":\"resize\",\"cols\":70,\"rows\":20}");
            talk.say("{\"type\":\"eof\"}");
            soon(() -> assertThat(server.seat().did).contains("resize 70x20", "eof"));
            server.seat().tell(new Viewer.Event.Resized(new Size(70, 20)));
            server.seat().end(new Viewer.End.Exit(7));
            assertThat(talk.closeCode()).isEqualTo(1000);
            assertThat(talk.words())
                    .contains("{\"type\":\"resized\",\"cols\":70,\"rows\":20}")
                    .contains("{\"type\":\"exit\",\"code\":7}")
                    .contains("\"type\":\"closing\",\"reason\":\"exit\"");
        }
        assertThat(server.rooms.wishes.getFirst()).isInstanceOfSatisfying(Wish.Exec.class, exec -> {
            assertThat(exec.size()).contains(new Size(90, 30));
            assertThat(exec.user()).contains("app");
            assertThat(exec.workingDirectory()).contains("/tmp");
        });
    }

    @Test
    void consoleThatIsLostKeepsItsPlaceAndOneThatDetachesDoesNot() {
        var lost = server.open(ATTACH, CONSOLE);
        FakeRooms.Sitting first = server.seat();
        lost.close();
        soon(() -> assertThat(first.did).contains("lost").doesNotContain("leave"));

        var left = server.open(ATTACH, CONSOLE);
        await().until(() -> server.rooms.seats.size() == 2);
        FakeRooms.Sitting second = server.seat();
        left.say("{\"type\":\"detach\"}");
        assertThat(left.closeCode()).isEqualTo(1000);
        assertThat(second.did).contains("leave").doesNotContain("lost");
    }

    @Test
    void consoleStopsAtItsWindowUntilOutputIsAcknowledged() {
        try (var talk = server.open(ATTACH, CONSOLE)) {
            FakeRooms.Sitting seat = server.seat();
            soon(() -> assertThat(talk.words()).contains("opened"));
            byte[] chunk = new byte[32 * 1024];
            for (int i = 0; i < 16; i++) {
                seat.print(Viewer.Stream.OUT, chunk);
            }
            soon(() -> assertThat(seat.viewer.isWritable()).isFalse());
            soon(() -> assertThat(talk.all(1)).hasSize(512 * 1024));
            assertThat(seat.viewer.isWritable()).isFalse();
            talk.say("{\"type\":\"ack\",\"position\":524288}");
            soon(() -> assertThat(seat.did).contains("writable"));
            assertThat(seat.viewer.isWritable()).isTrue();
            // nobody has seen what was never sent
            talk.say("{\"type\":\"ack\",\"position\":999999999}");
            talk.say("{\"type\":\"resize\",\"cols\":5,\"rows\":5}");
            soon(() -> assertThat(seat.did).contains("resize 5x5"));
            for (int i = 0; i < 16; i++) {
                seat.print(Viewer.Stream.OUT, chunk);
            }
            soon(() -> assertThat(seat.viewer.isWritable()).isFalse());
        }
    }

    @Test
    void bulkIsMergedAndKeepsItsOrder() {
        server.rooms.echoes = false;
        try (var talk = server.open(POD + "/exec?command=sh&stdout=true&stderr=true", V5)) {
            FakeRooms.Sitting seat = server.seat();
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 5000; i++) {
                String line = "line " + i + "\n";
                expected.append(line);
                seat.print(Viewer.Stream.OUT, line.getBytes(StandardCharsets.UTF_8));
            }
            soon(() -> assertThat(talk.all(1)).isEqualTo(expected.toString()));
            assertThat(talk.messages()).isLessThan(5000);
        }
    }

    @Test
    void rawCarriesBytesBothWaysAndRefusesText() {
        try (var talk = server.open(ATTACH, "binary")) {
            talk.send((byte) 'h', (byte) 'i');
            soon(() -> assertThat(talk.raw()).isEqualTo("hi"));
            talk.say("text");
            assertThat(talk.closeCode()).isEqualTo(1003);
        }
    }

    @Test
    void inputThatIsNotTakenStopsTheClientAndNothingIsLost() {
        server.rooms.takesInput = false;
        server.rooms.echoes = false;
        try (var talk = server.open(ATTACH, "binary")) {
            FakeRooms.Sitting seat = server.seat();
            talk.send((byte) '1');
            talk.send((byte) '2');
            talk.send((byte) '3');
            soon(() -> assertThat(seat.waiting).hasSize(1));
            assertThat(seat.typed.toString()).isEqualTo("1");
            server.rooms.takesInput = true;
            seat.waiting.getFirst().run();
            soon(() -> assertThat(seat.typed.toString()).isEqualTo("123"));
        }
    }

    @Test
    void messagesHaveABound() {
        try (var talk = server.open(ATTACH, "binary")) {
            server.seat();
            talk.socket.writeBinaryMessage(io.vertx.core.buffer.Buffer.buffer(new byte[70_000]));
            assertThat(talk.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void endsAreToldByTheirCodes() {
        Map<Viewer.End, Integer> codes = Map.of(
                new Viewer.End.Detached(), 1000,
                new Viewer.End.Expelled("right taken"), 1008,
                new Viewer.End.Draining(true), 1001,
                new Viewer.End.TooSlow(), 1013,
                new Viewer.End.Broken("host gone"), 1011);
        codes.forEach((end, code) -> {
            try (var console = server.open(ATTACH, CONSOLE)) {
                server.seat().end(end);
                assertThat(console.closeCode()).isEqualTo(code);
            }
            int before = server.rooms.seats.size();
            try (var channel = server.open(POD + "/exec?command=a&stdout=true", V5)) {
                await().until(() -> server.rooms.seats.size() > before);
                server.seat().end(end);
                assertThat(channel.closeCode()).isEqualTo(code);
                assertThat(channel.all(3)).contains("\"status\"");
            }
        });
    }

    @Test
    void sessionIsComeBackToByItsIdAndPosition() {
        String session = "0".repeat(31) + "1";
        try (var talk = server.open("/v1/sessions/" + session + "/stream?from=42", CONSOLE)) {
            server.seat();
        }
        assertThat(server.rooms.wishes.getFirst())
                .isEqualTo(new Wish.Join(new io.postern.wsproxy.hub.SessionId(session), false, Optional.of(42L)));
        assertThat(server.upgrade("/v1/sessions/../stream", List.of(CONSOLE), FrontServer.bearer()))
                .isEqualTo(404);
        assertThat(server.upgrade("/v1/sessions/xyz/stream", List.of(CONSOLE), FrontServer.bearer()))
                .isEqualTo(400);
    }
}
