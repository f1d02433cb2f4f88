package io.postern.wsproxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.wsproxy.front.FrontServer.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounds of the wire: what is refused before the upgrade, and how much of anything there may be. See {@link Checklist}. */
class BoundsChecklistTest {
    @RegisterExtension
    private final Checklist front = new Checklist();

    @Test
    void whatCannotBeIsRefusedBeforeTheUpgrade() {
        assertThat(front.server.upgrade(
                        "/v1/hosts/dock1/containers/old/attach", Checklist.CONSOLE, FrontServer.bearer()))
                .isEqualTo(409);
        assertThat(front.server.upgrade(Checklist.ATTACH, List.of("base64"), FrontServer.bearer()))
                .isEqualTo(400);
        assertThat(front.server.upgrade(Checklist.ATTACH, List.of(), FrontServer.bearer()))
                .isEqualTo(400);
        assertThat(front.server.upgrade(Checklist.POD + "/exec?command=id", Checklist.CONSOLE, FrontServer.bearer()))
                .isEqualTo(400);
        assertThat(front.server.upgrade(
                        "/v1/hosts/dock1/containers/web-1/exec", Checklist.CONSOLE, FrontServer.bearer()))
                .isEqualTo(400);
        assertThat(front.server.get(Checklist.ATTACH).status()).isEqualTo(426);
        try (var talk = front.server.open(
                Checklist.ATTACH, List.of("base64", "binary", "console.postern.v1"), FrontServer.bearer())) {
            assertThat(talk.socket.subProtocol()).isEqualTo("binary");
        }
    }

    @Test
    void oneAddressMayNotKnockForEver() {
        FrontSettings.Rate few = new FrontSettings.Rate(0, 3);
        try (FrontServer strict = new FrontServer(s -> Checklist.copy(s, List.of(), few, few, s.sockets()))) {
            for (int i = 0; i < 3; i++) {
                assertThat(strict.upgrade(Checklist.ATTACH, Checklist.CONSOLE, Map.of()))
                        .isEqualTo(401);
            }
            assertThat(strict.upgrade(Checklist.ATTACH, Checklist.CONSOLE, FrontServer.bearer()))
                    .isEqualTo(429);
            String wrong = "{\"username\":\"alice\",\"password\":\"wrong horse\"}";
            for (int i = 0; i < 3; i++) {
                Answer answer = strict.call("POST", "/v1/login", Map.of(), wrong);
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.text()).doesNotContain("horse");
            }
            assertThat(strict.call("POST", "/v1/login", Map.of(), wrong).status())
                    .isEqualTo(429);
        }
    }

    @Test
    void openSocketsHaveABoundAndGiveTheirPlaceBack() {
        try (FrontServer small = new FrontServer(s -> Checklist.copy(s, List.of(), s.handshakes(), s.logins(), 1))) {
            var talk = small.open(Checklist.ATTACH, Checklist.CONSOLE.getFirst());
            assertThat(small.upgrade(Checklist.ATTACH, Checklist.CONSOLE, FrontServer.bearer()))
                    .isEqualTo(503);
            talk.close();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> small.upgrade(Checklist.ATTACH, Checklist.CONSOLE, FrontServer.bearer()) == 101);
        }
    }

    @Test
    void bodiesHaveABound() {
        String body = "{\"username\":\"alice\",\"password\":\"" + "x".repeat(100_000) + "\"}";
        assertThat(front.server.call("POST", "/v1/login", Map.of(), body).status())
                .isEqualTo(413);
        assertThat(front.server.call("POST", "/v1/login", Map.of(), "[1]").status())
                .isEqualTo(400);
        assertThat(front.server.call("POST", "/v1/login", Map.of(), "{").status())
                .isEqualTo(400);
        Answer good = front.server.call(
                "POST", "/v1/login", Map.of(), "{\"username\":\"alice\",\"password\":\"right horse\"}");
        assertThat(good.status()).isEqualTo(200);
        assertThat(good.headers().get("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void nothingIsCompressed() throws IOException {
        try (Socket socket = front.socket()) {
            assertThat(Checklist.head(socket, Checklist.handshake(FakeRooms.TOKEN, front.server.port())))
                    .startsWith("http/1.1 101")
                    .contains("sec-websocket-protocol: console.postern.v1")
                    .doesNotContain("extensions");
        }
    }

    /** A length of 64 bits is refused by what it says, before anything of it has come. */
    @ParameterizedTest
    @ValueSource(longs = {1L << 20, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void aFrameThatAnnouncesTooMuchEndsTheConnection(long length) throws IOException {
        try (Socket socket = front.socket()) {
            assertThat(Checklist.head(socket, Checklist.handshake(FakeRooms.TOKEN, front.server.port())))
                    .startsWith("http/1.1 101");
            ByteBuffer frame =
                    ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xFF).putLong(length);
            socket.getOutputStream().write(frame.putInt(0).array());
            socket.getInputStream().transferTo(OutputStream.nullOutputStream()); // to its end, or the test's time is up
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        assertThat(front.attach(FrontServer.bearer())).as("others go on").isEqualTo(101);
    }

    /** What follows a refused upgrade is a request like any other, and gets no further than one. */
    @Test
    void aRefusedUpgradeIsNoTunnel() throws IOException {
        for (String path : List.of(Checklist.ATTACH, Checklist.EXEC, Checklist.POD + "/exec?command=id")) {
            try (Socket socket = front.socket()) {
                String refused =
                        Checklist.handshake("nobody", front.server.port()).replace(Checklist.ATTACH, path);
                String next = "GET /v1/containers HTTP/1.1\r\nHost: 127.0.0.1:" + front.server.port()
                        + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write((refused + next).getBytes(StandardCharsets.US_ASCII));
                String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(all)
                        .as(path)
                        .startsWith("HTTP/1.1 40")
                        .contains("HTTP/1.1 401")
                        .doesNotContain("HTTP/1.1 101", "HTTP/1.1 200");
            }
        }
        assertThat(front.server.rooms.wishes).isEmpty();
    }
}
