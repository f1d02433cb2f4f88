package io.postern.wsproxy.zun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.audit.Happening;
import io.postern.wsproxy.front.FakeRooms;
import io.postern.wsproxy.front.FrontServer;
import io.postern.wsproxy.front.FrontServer.Answer;
import io.postern.wsproxy.hub.Viewer;
import io.postern.wsproxy.hub.Wish;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ZunRoutesTest {
    private static final Map<String, String> TOKEN = Map.of("X-Auth-Token", FakeRooms.TOKEN);
    private static final String UUID = ZunViews.uuid(FakeRooms.HOST, FakeRooms.RUNNING);
    private static final List<String> OFFERED = List.of("binary", "base64");

    private final FrontServer server = new FrontServer();

    @AfterEach
    void close() {
        server.close();
    }

    private static String path(String url) {
        assertThat(url).startsWith("ws://127.0.0.1:");
        return url.substring(url.indexOf('/', 5));
    }

    /** As the stock library sends it. */
    private static Map<String, String> origin(String origin) {
        return Map.of("Origin", origin);
    }

    @Test
    void versionsAreToldToProgramsAndNotToBrowsers() {
        Answer versions = server.call("GET", "/", Map.of("Accept", "application/json"), null);
        assertThat(versions.body().path("versions").path(0).path("max_version").asText())
                .isEqualTo("1.40");
        assertThat(server.call("GET", "/", Map.of("Accept", "text/html,*/*"), null)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void containersAreListedAndShownByNameAndUuid() {
        Answer list = server.call("GET", "/v1/containers", TOKEN, null);
        assertThat(list.body().path("containers")).hasSize(2);
        assertThat(list.text()).contains(UUID).doesNotContain("hidden");
        assertThat(server.call("GET", "/v1/containers/" + UUID, TOKEN, null)
                        .body()
                        .path("name")
                        .asText())
                .isEqualTo("web-1");
        assertThat(server.call("GET", "/v1/containers/old", TOKEN, null)
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("Stopped");
        assertThat(server.call("GET", "/v1/containers/hidden", TOKEN, null).status())
                .isEqualTo(404);
        assertThat(server.call("GET", "/v1/containers", Map.of("X-Auth-Token", "bad"), null)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void attachIsAnAddressThatWorksOnceAndCarriesText() {
        Answer answer = server.call("GET", "/v1/containers/web-1/attach", TOKEN, null);
        String path = path(answer.body().asText());
        assertThat(path).contains("?token=").contains("&uuid=" + UUID).doesNotContain(FakeRooms.TOKEN);
        assertThat(server.rooms.happened.getLast()).isInstanceOfSatisfying(Happening.TicketIssued.class, issued -> {
            assertThat(issued.who().name()).isEqualTo("alice");
            assertThat(issued.purpose()).isEqualTo("attach");
            assertThat(issued.container()).isEqualTo(FakeRooms.RUNNING);
        });
        assertThat(server.upgrade(path.replace(UUID, "0"), OFFERED, Map.of())).isEqualTo(401);
        String good = path(server.call("GET", "/v1/containers/web-1/attach", TOKEN, null)
                .body()
                .asText());
        assertThat(server.call("POST", "/v1/containers/web-1/resize?w=101&h=33", TOKEN, null)
                        .status())
                .isEqualTo(200);
        try (var talk = server.open("/any/path" + good.substring(1), OFFERED, origin("http://127.0.0.1:None"))) {
            throw new AssertionError("an Origin without our port came in as " + talk);
        } catch (AssertionError e) {
            assertThat(e.getMessage()).doesNotContain("came in");
        }
        try (var talk = server.open(
                "/any/path" + good.substring(1), OFFERED, origin("http://127.0.0.1:" + server.port() + ":None"))) {
            assertThat(talk.socket.subProtocol()).isEqualTo("binary");
            FakeRooms.Sitting seat = server.seat();
            await().atMost(Duration.ofSeconds(60)).until(() -> seat.did.contains("resize 101x33"));
            server.call("POST", "/v1/containers/" + UUID + "/resize?w=101&h=33", TOKEN, null);
            server.call("POST", "/v1/containers/" + UUID + "/resize?w=90&h=20", TOKEN, null);
            assertThat(seat.did).containsExactly("resize 101x33", "resize 90x20");
            byte[] text = "grün 日本".getBytes(StandardCharsets.UTF_8);
            for (byte one : text) {
                seat.print(Viewer.Stream.OUT, new byte[] {one});
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> talk.raw().equals("grün 日本"));
            talk.binary.forEach(message -> assertThat(message.toString()).doesNotContain("\uFFFD"));
            seat.end(new Viewer.End.Expelled("the right was taken"));
            assertThat(talk.closeCode()).isEqualTo(1000);
            assertThat(talk.raw()).contains("[postern: the right was taken]");
        }
        assertThat(server.upgrade(good, OFFERED, Map.of())).isEqualTo(401);
    }

    @Test
    void execIsBoundToItsContainerAndItsMaker() {
        Answer answer = server.call(
                "POST", "/v1/containers/web-1/execute?command=%22/bin/sh%22&interactive=True&run=False", TOKEN, null);
        String exec = answer.body().path("exec_id").asText();
        assertThat(exec).matches("[0-9a-f]{64}");
        String path = path(answer.body().path("proxy_url").asText());
        assertThat(server.upgrade(path.replace(exec, "0".repeat(64)), OFFERED, Map.of()))
                .isEqualTo(401);
        String again = path(server.call(
                        "POST",
                        "/v1/containers/web-1/execute?command=%22/bin/sh%22&interactive=True&run=False",
                        TOKEN,
                        null)
                .body()
                .path("proxy_url")
                .asText());
        String second = again.substring(again.indexOf("exec_id=") + 8);
        try (var talk = server.open(again, OFFERED, Map.of())) {
            FakeRooms.Sitting seat = server.seat();
            assertThat(((Wish.Exec) seat.wish).command()).containsExactly("/bin/sh");
            server.rooms.tokens.put(
                    "bobs", FakeRooms.subject("bob", Instant.now().plusSeconds(60)));
            server.rooms.granted.put("bob", Set.of(Action.EXEC));
            String resize = "/v1/containers/web-1/execute_resize?w=5&h=6&exec_id=" + second;
            assertThat(server.call("POST", resize, Map.of("X-Auth-Token", "bobs"), null)
                            .status())
                    .isEqualTo(404);
            assertThat(server.call("POST", resize.replace("web-1", "old"), TOKEN, null)
                            .status())
                    .isEqualTo(404);
            assertThat(seat.did).isEmpty();
            assertThat(server.call("POST", resize, TOKEN, null).status()).isEqualTo(200);
            assertThat(seat.did).containsExactly("resize 5x6");
            assertThat(server.call("POST", resize.replace("w=5", "w=0"), TOKEN, null)
                            .status())
                    .isEqualTo(400);
            talk.close();
        }
    }

    @Test
    void aCommandThatIsRunAnswersWithWhatItPrinted() {
        var answer = java.util.concurrent.CompletableFuture.supplyAsync(
                () -> server.call("POST", "/v1/containers/web-1/execute?command=%22ls%22%20%22a%20b%22", TOKEN, null),
                Thread::startVirtualThread);
        FakeRooms.Sitting seat = server.seat();
        assertThat(((Wish.Exec) seat.wish).command()).containsExactly("ls", "a b");
        seat.print(Viewer.Stream.OUT, "one\n".getBytes(StandardCharsets.UTF_8));
        seat.end(new Viewer.End.Exit(4));
        assertThat(answer.join().body().path("output").asText()).isEqualTo("one\n");
        assertThat(answer.join().body().path("exit_code").asInt()).isEqualTo(4);
    }

    @Test
    void whatIsNotGrantedOrNotThereIsRefused() {
        assertThat(server.call("GET", "/v1/containers/old/attach", TOKEN, null).status())
                .isEqualTo(409);
        server.rooms.granted.put("alice", Set.of(Action.OBSERVE));
        assertThat(server.call("GET", "/v1/containers/web-1/attach", TOKEN, null)
                        .status())
                .isEqualTo(403);
        assertThat(server.call("POST", "/v1/containers/web-1/execute?command=id", TOKEN, null)
                        .status())
                .isEqualTo(403);
        assertThat(server.call("POST", "/v1/containers/web-1/resize?w=1&h=1", TOKEN, null)
                        .status())
                .isEqualTo(404);
        assertThat(server.upgrade("/?token=guess&uuid=" + UUID, OFFERED, Map.of()))
                .isEqualTo(401);
        assertThat(server.upgrade("/?token=guess&uuid=" + UUID, List.of("base64"), Map.of()))
                .isEqualTo(400);
    }
}
