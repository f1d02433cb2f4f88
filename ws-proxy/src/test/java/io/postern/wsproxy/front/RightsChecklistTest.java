package io.postern.wsproxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.front.FrontServer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rights: by action and container, never by verb or path. See {@link Checklist}. */
class RightsChecklistTest {
    @RegisterExtension
    private final Checklist front = new Checklist();

    @Test
    void theRightIsTheActionsNotTheVerbs() {
        front.server.rooms.granted.put("alice", Set.of(Action.OBSERVE));
        assertThat(front.attach(FrontServer.bearer())).isEqualTo(403);
        assertThat(front.server.upgrade(Checklist.EXEC, Checklist.CONSOLE, FrontServer.bearer()))
                .isEqualTo(403);
        assertThat(front.server.upgrade(Checklist.POD + "/exec?command=id", Checklist.V5, FrontServer.bearer()))
                .isEqualTo(403);
        assertThat(front.server
                        .call("POST", Checklist.POD + "/exec?command=id", FrontServer.bearer(), null)
                        .status())
                .isEqualTo(403);
        assertThat(front.server.upgrade(Checklist.ATTACH + "?observe=true", Checklist.CONSOLE, FrontServer.bearer()))
                .isEqualTo(101);
        front.server.rooms.granted.put("alice", Set.of(Action.ATTACH));
        assertThat(front.server.upgrade(Checklist.ATTACH + "?observe=true", Checklist.CONSOLE, FrontServer.bearer()))
                .isEqualTo(403);
        assertThat(front.server.upgrade(Checklist.EXEC, Checklist.CONSOLE, FrontServer.bearer()))
                .isEqualTo(403);
    }

    @Test
    void anotherUserInTheContainerIsARightOfItsOwn() {
        assertThat(front.server.upgrade(Checklist.EXEC + "&user=app", Checklist.CONSOLE, FrontServer.bearer()))
                .isEqualTo(101);
        assertThat(front.server.upgrade(Checklist.EXEC + "&user=root", Checklist.CONSOLE, FrontServer.bearer()))
                .isEqualTo(403);
        assertThat(front.server.upgrade(Checklist.EXEC + "&user=a%20b", Checklist.CONSOLE, FrontServer.bearer()))
                .isEqualTo(400);
    }

    @Test
    void observersBytesGoNowhere() {
        try (var talk = front.server.open(Checklist.ATTACH + "?observe=true", "v5.channel.k8s.io")) {
            var seat = front.server.seat();
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
        Answer hidden = front.server.get("/api/v1/namespaces/dock1/pods/hidden");
        Answer none = front.server.get("/api/v1/namespaces/dock1/pods/nothing");
        assertThat(hidden.status()).isEqualTo(404);
        assertThat(hidden.text().replace("hidden", "nothing")).isEqualTo(none.text());
        assertThat(front.server.get("/v1/containers").text())
                .doesNotContain("hidden")
                .contains("web-1");
        assertThat(front.server.get("/api/v1/namespaces/dock2/pods/web-1").status())
                .isEqualTo(403);
        front.server.rooms.granted.clear();
        assertThat(front.attach(FrontServer.bearer())).isEqualTo(403);
        assertThat(front.server.get("/v1/containers").text()).isEqualTo("[]");
    }

    @Test
    void namesAreLookedAtBeforeTheyGoAnywhere() {
        for (String name : List.of("..%2Fimages", "a%0d%0ab", "-rf", "a%20b", "%00", "x".repeat(300), "a%3Fb")) {
            assertThat(front.server.upgrade(
                            "/v1/hosts/dock1/containers/" + name + "/attach", Checklist.CONSOLE, FrontServer.bearer()))
                    .as(name)
                    .isIn(400, 404);
        }
        assertThat(front.server.rooms.wishes).isEmpty();
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
            assertThat(front.server.get(path).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void somebodyElsesSessionIsNotEnded() {
        front.server.rooms.tokens.put(
                "bobs-token", FakeRooms.subject("bob", Instant.now().plusSeconds(60)));
        front.server.rooms.granted.put("bob", Set.of(Action.OBSERVE));
        try (var talk = front.server.open(Checklist.ATTACH, Checklist.CONSOLE.getFirst())) {
            String session = front.server.seat().session.value();
            Map<String, String> bob = Map.of("Authorization", "Bearer bobs-token");
            assertThat(front.server
                            .call("DELETE", "/v1/sessions/" + session, bob, null)
                            .status())
                    .isEqualTo(404);
            assertThat(front.server.call("GET", "/v1/sessions", bob, null).text())
                    .contains("\"mine\":false");
            assertThat(front.server
                            .call("DELETE", "/v1/sessions/" + session, FrontServer.bearer(), null)
                            .status())
                    .isEqualTo(204);
            assertThat(talk.closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void theContainerIsAskedAboutAndNotItsHostOnly() {
        for (String container : List.of("hidden", FakeRooms.OTHERS, FakeRooms.OTHERS.substring(0, 12))) {
            String there = "/v1/hosts/dock1/containers/" + container;
            for (String path : List.of(there + "/attach", there + "/attach?observe=true", there + "/exec?command=id")) {
                assertThat(front.server.upgrade(path, Checklist.CONSOLE, FrontServer.bearer()))
                        .as(path)
                        .isEqualTo(404);
            }
            String pod = "/api/v1/namespaces/dock1/pods/" + container;
            assertThat(front.server.upgrade(pod + "/exec?command=id", Checklist.V5, FrontServer.bearer()))
                    .isEqualTo(404);
            assertThat(front.server.upgrade(pod + "/attach", Checklist.V5, FrontServer.bearer()))
                    .isEqualTo(404);
            String wish = Checklist.FOR_ATTACH.replace("web-1", container);
            assertThat(front.server
                            .call("POST", "/v1/tickets", FrontServer.bearer(), wish)
                            .status())
                    .isEqualTo(404);
            assertThat(front.server.get(there + "/archive?path=/etc/passwd").status())
                    .isEqualTo(404);
        }
        assertThat(front.server.rooms.wishes).isEmpty();
    }
}
