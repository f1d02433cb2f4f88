package io.postern.wsproxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.front.FrontServer.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What has gone wrong with console proxies elsewhere (container-ws sheet 4.1), each a test that fails when the hole opens. After
 * each one the log is searched for tokens and tickets.
 */
class SecurityChecklistTest {
    private static final List<String> CONSOLE = List.of("console.postern.v1");
    private static final List<String> V5 = List.of("v5.channel.k8s.io");
    private static final String ATTACH = "/v1/hosts/dock1/containers/web-1/attach";
    private static final String EXEC = "/v1/hosts/dock1/containers/web-1/exec?command=id";
    private static final String POD = "/api/v1/namespaces/dock1/pods/web-1";

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            log.add(record.getMessage() + " " + java.util.Arrays.toString(record.getParameters()) + " "
                    + record.getThrown());
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is open
        }
    };
    private final FrontServer server = new FrontServer();

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(listener);
    }

    @AfterEach
    void nothingSecretIsLogged() {
        server.close();
        Logger.getLogger("").removeHandler(listener);
        String all = String.join("\n", log);
        assertThat(all)
                .doesNotContain(FakeRooms.TOKEN)
                .doesNotContain("ticket-secret")
                .doesNotContain("right horse");
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> headers = new HashMap<>(FrontServer.bearer());
        headers.put(name, value);
        return headers;
    }

    private int attach(Map<String, String> headers) {
        return server.upgrade(ATTACH, CONSOLE, headers);
    }

    private String ticket(String body) {
        Answer answer = server.call("POST", "/v1/tickets", FrontServer.bearer(), body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.body().path("ticket").asText();
    }

    private static final String FOR_ATTACH = "{\"action\":\"attach\",\"host\":\"dock1\",\"container\":\"web-1\"}";
    private static final String BY_ID = "/v1/hosts/dock1/containers/" + FakeRooms.RUNNING;

    @Test
    void aSessionTokenInAnAddressIsRefusedEverywhere() {
        for (String name : List.of("token", "access_token", "ticket", "x")) {
            String query = "?" + name + "=" + FakeRooms.TOKEN;
            assertThat(server.call("GET", "/v1/me" + query, Map.of(), null).status())
                    .isEqualTo(400);
            assertThat(server.upgrade(ATTACH + query, CONSOLE, FrontServer.bearer()))
                    .isEqualTo(400);
        }
        assertThat(server.upgrade("/?uuid=1&token=" + FakeRooms.TOKEN, List.of("binary"), Map.of()))
                .isEqualTo(400);
        assertThat(server.call("GET", "/v1/me?access_token=abc", FrontServer.bearer(), null)
                        .code())
                .isEqualTo("TOKEN_IN_URL");
    }

    @Test
    void nothingIsToBeHadWithoutSomebodyKnown() {
        for (String path : List.of(
                "/v1/me", "/v1/hosts", "/v1/containers", "/v1/sessions", POD, "/api/v1/namespaces/dock1/pods")) {
            assertThat(server.call("GET", path, Map.of(), null).status())
                    .as(path)
                    .isEqualTo(401);
        }
        for (String path : List.of(ATTACH, EXEC, "/v1/sessions/" + "0".repeat(32) + "/stream")) {
            assertThat(server.upgrade(path, CONSOLE, Map.of())).as(path).isEqualTo(401);
        }
        for (String path : List.of(POD + "/exec?command=id", POD + "/attach")) {
            assertThat(server.upgrade(path, V5, Map.of())).as(path).isEqualTo(401);
            assertThat(server.call("POST", path, Map.of(), null).status())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(server.call("POST", "/v1/tickets", Map.of(), FOR_ATTACH).status())
                .isEqualTo(401);
        assertThat(server.call("DELETE", "/v1/sessions/1", Map.of(), null).status())
                .isEqualTo(401);
        assertThat(server.rooms.wishes).isEmpty();
    }

    @Test
    void aTokenThatEndedOrIsNoneIsRefused() {
        server.rooms.tokens.put(
                FakeRooms.TOKEN, FakeRooms.subject("alice", Instant.now().minusSeconds(1)));
        assertThat(attach(FrontServer.bearer())).isEqualTo(401);
        assertThat(attach(Map.of("Authorization", "Bearer nobody"))).isEqualTo(401);
        assertThat(attach(Map.of("Authorization", "Basic YTpi"))).isEqualTo(401);
        assertThat(attach(Map.of("Cookie", "token=" + FakeRooms.TOKEN))).isEqualTo(401);
        assertThat(attach(Map.of("Authorization", "Bearer " + "x".repeat(20_000))))
                .isIn(401, 431);
    }

    @Test
    void loggingOutEndsTheConsoles() {
        try (var talk = server.open(ATTACH, CONSOLE.getFirst())) {
            server.seat();
            assertThat(server.call("POST", "/v1/logout", FrontServer.bearer(), null)
                            .status())
                    .isEqualTo(204);
            assertThat(talk.closeCode()).isEqualTo(1008);
        }
        assertThat(attach(FrontServer.bearer())).isEqualTo(401);
    }

    @Test
    void aTicketOpensOneDoorOnce() {
        String path = BY_ID + "/attach?ticket=" + ticket(FOR_ATTACH);
        List<CompletableFuture<Integer>> both = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> server.upgrade(path, CONSOLE, Map.of()), Thread::startVirtualThread))
                .toList();
        assertThat(both.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(101, 401, 401, 401);
        assertThat(server.upgrade(path, CONSOLE, Map.of())).isEqualTo(401);
    }

    @Test
    void aTicketOpensNoOtherDoorAndIsSpentByTheAttempt() {
        String ticket = ticket(FOR_ATTACH);
        assertThat(server.upgrade(BY_ID + "/exec?command=id&ticket=" + ticket, CONSOLE, Map.of()))
                .isEqualTo(401);
        assertThat(server.upgrade(BY_ID + "/attach?ticket=" + ticket, CONSOLE, Map.of()))
                .isEqualTo(401);
        String second = ticket(FOR_ATTACH);
        assertThat(server.upgrade(
                        "/v1/hosts/dock1/containers/" + FakeRooms.STOPPED + "/attach?ticket=" + second,
                        CONSOLE,
                        Map.of()))
                .isEqualTo(401);
        // what stands behind the ticket counts, not what the address adds to it
        String third = ticket("{\"action\":\"exec\",\"host\":\"dock1\",\"container\":\"web-1\",\"command\":[\"id\"]}");
        assertThat(server.upgrade(BY_ID + "/exec?command=evil&user=root&ticket=" + third, CONSOLE, Map.of()))
                .isEqualTo(101);
        assertThat(server.rooms.wishes.getLast().toString())
                .contains("[id]")
                .doesNotContain("evil")
                .doesNotContain("root");
        assertThat(server.call("GET", "/v1/me?ticket=" + ticket(FOR_ATTACH), Map.of(), null)
                        .status())
                .isEqualTo(401);
        assertThat(server.upgrade(BY_ID + "/attach?ticket=guess", CONSOLE, Map.of()))
                .isEqualTo(401);
    }

    @Test
    void aTicketIsWorthNoMoreThanItsMakersRightsWhenItIsUsed() {
        String ticket = ticket(FOR_ATTACH);
        server.rooms.granted.put("alice", Set.of(Action.OBSERVE));
        assertThat(server.upgrade(BY_ID + "/attach?ticket=" + ticket, CONSOLE, Map.of()))
                .isEqualTo(403);
        assertThat(server.call("POST", "/v1/tickets", FrontServer.bearer(), FOR_ATTACH)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void pagesOfOtherSitesComeInNeitherByHttpNorByWebSocket() {
        String own = "http://127.0.0.1:" + server.port();
        assertThat(attach(with("Origin", own))).isEqualTo(101);
        assertThat(attach(with("Origin", "https://portal.example"))).isEqualTo(101);
        for (String origin : List.of(
                "https://evil.example",
                "null",
                "",
                "https://127.0.0.1:" + server.port(),
                "http://127.0.0.1:1",
                own + ".evil.example",
                own + ":None",
                "https://portal.example.evil.example",
                "https://xportal.example")) {
            assertThat(attach(with("Origin", origin))).as(origin).isEqualTo(403);
            assertThat(server.call("GET", "/v1/me", with("Origin", origin), null)
                            .status())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertThat(server.call("GET", "/v1/me", with("Origin", "https://portal.example"), null)
                        .headers()
                        .containsKey("Access-Control-Allow-Origin"))
                .isFalse();
    }

    @Test
    void aNameThatWasMadeToLeadHereIsRefused() {
        assertThat(attach(with("Host", "evil.example:" + server.port()))).isEqualTo(400);
        assertThat(attach(with("Host", "127.0.0.1.evil.example:" + server.port())))
                .isEqualTo(400);
        assertThat(attach(with("Host", "127.0.0.1:1"))).isEqualTo(400);
        assertThat(attach(with("Host", "gw.example:443"))).isEqualTo(101);
        Map<String, String> forwarded = with("Host", "evil.example");
        forwarded.put("X-Forwarded-Host", "127.0.0.1:" + server.port());
        forwarded.put("X-Forwarded-Proto", "https");
        assertThat(attach(forwarded)).isEqualTo(400);
    }

    @Test
    void forwardedAddressesAreBelievedFromConfiguredProxiesOnly() {
        FrontSettings.Rate one = new FrontSettings.Rate(0, 1);
        try (FrontServer strict = new FrontServer(s -> copy(s, List.of(), one, s.logins(), s.sockets()));
                FrontServer behind =
                        new FrontServer(s -> copy(s, List.of("127.0.0.0/8"), one, s.logins(), s.sockets()))) {
            assertThat(strict.upgrade(ATTACH, CONSOLE, with("X-Forwarded-For", "192.0.2.1")))
                    .isEqualTo(101);
            assertThat(strict.upgrade(ATTACH, CONSOLE, with("X-Forwarded-For", "192.0.2.2")))
                    .isEqualTo(429);
            assertThat(behind.upgrade(ATTACH, CONSOLE, with("X-Forwarded-For", "192.0.2.1")))
                    .isEqualTo(101);
            assertThat(behind.upgrade(ATTACH, CONSOLE, with("X-Forwarded-For", "192.0.2.2")))
                    .isEqualTo(101);
            assertThat(behind.upgrade(ATTACH, CONSOLE, with("X-Forwarded-For", "192.0.2.9, 192.0.2.2")))
                    .isEqualTo(429);
        }
    }

    private static FrontSettings copy(
            FrontSettings s,
            List<String> proxies,
            FrontSettings.Rate handshakes,
            FrontSettings.Rate logins,
            int sockets) {
        return new FrontSettings(
                s.names(),
                s.origins(),
                proxies,
                s.publicUrl(),
                handshakes,
                logins,
                sockets,
                s.archive(),
                s.ping(),
                s.silence(),
                s.zun());
    }

    @Test
    void theRightIsTheActionsNotTheVerbs() {
        server.rooms.granted.put("alice", Set.of(Action.OBSERVE));
        assertThat(attach(FrontServer.bearer())).isEqualTo(403);
        assertThat(server.upgrade(EXEC, CONSOLE, FrontServer.bearer())).isEqualTo(403);
        assertThat(server.upgrade(POD + "/exec?command=id", V5, FrontServer.bearer()))
                .isEqualTo(403);
        assertThat(server.call("POST", POD + "/exec?command=id", FrontServer.bearer(), null)
                        .status())
                .isEqualTo(403);
        assertThat(server.upgrade(ATTACH + "?observe=true", CONSOLE, FrontServer.bearer()))
                .isEqualTo(101);
        server.rooms.granted.put("alice", Set.of(Action.ATTACH));
        assertThat(server.upgrade(ATTACH + "?observe=true", CONSOLE, FrontServer.bearer()))
                .isEqualTo(403);
        assertThat(server.upgrade(EXEC, CONSOLE, FrontServer.bearer())).isEqualTo(403);
    }

    @Test
    void anotherUserInTheContainerIsARightOfItsOwn() {
        assertThat(server.upgrade(EXEC + "&user=app", CONSOLE, FrontServer.bearer()))
                .isEqualTo(101);
        assertThat(server.upgrade(EXEC + "&user=root", CONSOLE, FrontServer.bearer()))
                .isEqualTo(403);
        assertThat(server.upgrade(EXEC + "&user=a%20b", CONSOLE, FrontServer.bearer()))
                .isEqualTo(400);
    }

    @Test
    void observersBytesGoNowhere() {
        try (var talk = server.open(ATTACH + "?observe=true", "v5.channel.k8s.io")) {
            var seat = server.seat();
            talk.send((byte) 0, (byte) 'x');
            talk.send((byte) 0xFF, (byte) 0);
            talk.send("\4{\"Width\":9,\"Height\":9}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            await().atMost(Duration.ofSeconds(60)).until(() -> seat.did.contains("resize 9x9"));
            assertThat(seat.typed).isEmpty();
            assertThat(seat.did).doesNotContain("eof");
        }
    }

    @Test
    void aContainerOneMayNotReachLooksLikeNone() {
        Answer hidden = server.get("/api/v1/namespaces/dock1/pods/hidden");
        Answer none = server.get("/api/v1/namespaces/dock1/pods/nothing");
        assertThat(hidden.status()).isEqualTo(404);
        assertThat(hidden.text().replace("hidden", "nothing")).isEqualTo(none.text());
        assertThat(server.get("/v1/containers").text()).doesNotContain("hidden").contains("web-1");
        assertThat(server.get("/api/v1/namespaces/dock2/pods/web-1").status()).isEqualTo(403);
        server.rooms.granted.clear();
        assertThat(attach(FrontServer.bearer())).isEqualTo(403);
        assertThat(server.get("/v1/containers").text()).isEqualTo("[]");
    }

    @Test
    void namesAreLookedAtBeforeTheyGoAnywhere() {
        for (String name : List.of("..%2Fimages", "a%0d%0ab", "-rf", "a%20b", "%00", "x".repeat(300), "a%3Fb")) {
            assertThat(server.upgrade("/v1/hosts/dock1/containers/" + name + "/attach", CONSOLE, FrontServer.bearer()))
                    .as(name)
                    .isIn(400, 404);
        }
        assertThat(server.rooms.wishes).isEmpty();
    }

    @Test
    void theEnginesOwnApiIsNotServed() {
        for (String path : List.of(
                "/containers/json",
                "/v1.41/containers/json",
                "/plugins/privileges",
                "/v1/plugins",
                "/info",
                "/v1/hosts/dock1/containers/web-1/json",
                "/api/v1/nodes")) {
            assertThat(server.get(path).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void whatCannotBeIsRefusedBeforeTheUpgrade() {
        assertThat(server.upgrade("/v1/hosts/dock1/containers/old/attach", CONSOLE, FrontServer.bearer()))
                .isEqualTo(409);
        assertThat(server.upgrade(ATTACH, List.of("base64"), FrontServer.bearer()))
                .isEqualTo(400);
        assertThat(server.upgrade(ATTACH, List.of(), FrontServer.bearer())).isEqualTo(400);
        assertThat(server.upgrade(POD + "/exec?command=id", CONSOLE, FrontServer.bearer()))
                .isEqualTo(400);
        assertThat(server.upgrade("/v1/hosts/dock1/containers/web-1/exec", CONSOLE, FrontServer.bearer()))
                .isEqualTo(400);
        assertThat(server.get(ATTACH).status()).isEqualTo(426);
        try (var talk = server.open(ATTACH, List.of("base64", "binary", "console.postern.v1"), FrontServer.bearer())) {
            assertThat(talk.socket.subProtocol()).isEqualTo("binary");
        }
    }

    @Test
    void oneAddressMayNotKnockForEver() {
        FrontSettings.Rate few = new FrontSettings.Rate(0, 3);
        try (FrontServer strict = new FrontServer(s -> copy(s, List.of(), few, few, s.sockets()))) {
            for (int i = 0; i < 3; i++) {
                assertThat(strict.upgrade(ATTACH, CONSOLE, Map.of())).isEqualTo(401);
            }
            assertThat(strict.upgrade(ATTACH, CONSOLE, FrontServer.bearer())).isEqualTo(429);
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
        try (FrontServer small = new FrontServer(s -> copy(s, List.of(), s.handshakes(), s.logins(), 1))) {
            var talk = small.open(ATTACH, CONSOLE.getFirst());
            assertThat(small.upgrade(ATTACH, CONSOLE, FrontServer.bearer())).isEqualTo(503);
            talk.close();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> small.upgrade(ATTACH, CONSOLE, FrontServer.bearer()) == 101);
        }
    }

    @Test
    void bodiesHaveABound() {
        String body = "{\"username\":\"alice\",\"password\":\"" + "x".repeat(100_000) + "\"}";
        assertThat(server.call("POST", "/v1/login", Map.of(), body).status()).isEqualTo(413);
        assertThat(server.call("POST", "/v1/login", Map.of(), "[1]").status()).isEqualTo(400);
        assertThat(server.call("POST", "/v1/login", Map.of(), "{").status()).isEqualTo(400);
        Answer good =
                server.call("POST", "/v1/login", Map.of(), "{\"username\":\"alice\",\"password\":\"right horse\"}");
        assertThat(good.status()).isEqualTo(200);
        assertThat(good.headers().get("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void nothingIsCompressed() throws IOException {
        String request = "GET " + ATTACH + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: console.postern.v1\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                + "Authorization: Bearer " + FakeRooms.TOKEN + "\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            assertThat(head.toString().toLowerCase(Locale.ROOT))
                    .startsWith("http/1.1 101")
                    .contains("sec-websocket-protocol: console.postern.v1")
                    .doesNotContain("extensions");
        }
    }

    @Test
    void somebodyElsesSessionIsNotEnded() {
        server.rooms.tokens.put(
                "bobs-token", FakeRooms.subject("bob", Instant.now().plusSeconds(60)));
        server.rooms.granted.put("bob", Set.of(Action.OBSERVE));
        try (var talk = server.open(ATTACH, CONSOLE.getFirst())) {
            String session = server.seat().session.value();
            Map<String, String> bob = Map.of("Authorization", "Bearer bobs-token");
            assertThat(server.call("DELETE", "/v1/sessions/" + session, bob, null)
                            .status())
                    .isEqualTo(404);
            assertThat(server.call("GET", "/v1/sessions", bob, null).text()).contains("\"mine\":false");
            assertThat(server.call("DELETE", "/v1/sessions/" + session, FrontServer.bearer(), null)
                            .status())
                    .isEqualTo(204);
            assertThat(talk.closeCode()).isEqualTo(1008);
        }
    }
}
