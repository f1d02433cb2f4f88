package io.postern.wsproxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wsproxy.access.Action;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Credentials: nothing without one, none in an address, none for longer than it holds. See {@link Checklist}. */
class CredentialsChecklistTest {
    @RegisterExtension
    private final Checklist front = new Checklist();

    @Test
    void aSessionTokenInAnAddressIsRefusedEverywhere() {
        for (String name : List.of("token", "access_token", "ticket", "x")) {
            String query = "?" + name + "=" + FakeRooms.TOKEN;
            assertThat(front.server
                            .call("GET", "/v1/me" + query, Map.of(), null)
                            .status())
                    .isEqualTo(400);
            assertThat(front.server.upgrade(Checklist.ATTACH + query, Checklist.CONSOLE, FrontServer.bearer()))
                    .isEqualTo(400);
        }
        assertThat(front.server.upgrade("/?uuid=1&token=" + FakeRooms.TOKEN, List.of("binary"), Map.of()))
                .isEqualTo(400);
        assertThat(front.server
                        .call("GET", "/v1/me?access_token=abc", FrontServer.bearer(), null)
                        .code())
                .isEqualTo("TOKEN_IN_URL");
    }

    @Test
    void nothingIsToBeHadWithoutSomebodyKnown() {
        for (String path : List.of(
                "/v1/me",
                "/v1/hosts",
                "/v1/containers",
                "/v1/sessions",
                Checklist.POD,
                "/api/v1/namespaces/dock1/pods")) {
            assertThat(front.server.call("GET", path, Map.of(), null).status())
                    .as(path)
                    .isEqualTo(401);
        }
        for (String path : List.of(Checklist.ATTACH, Checklist.EXEC, "/v1/sessions/" + "0".repeat(32) + "/stream")) {
            assertThat(front.server.upgrade(path, Checklist.CONSOLE, Map.of()))
                    .as(path)
                    .isEqualTo(401);
        }
        for (String path : List.of(Checklist.POD + "/exec?command=id", Checklist.POD + "/attach")) {
            assertThat(front.server.upgrade(path, Checklist.V5, Map.of()))
                    .as(path)
                    .isEqualTo(401);
            assertThat(front.server.call("POST", path, Map.of(), null).status())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(front.server
                        .call("POST", "/v1/tickets", Map.of(), Checklist.FOR_ATTACH)
                        .status())
                .isEqualTo(401);
        assertThat(front.server.call("DELETE", "/v1/sessions/1", Map.of(), null).status())
                .isEqualTo(401);
        assertThat(front.server.rooms.wishes).isEmpty();
    }

    @Test
    void aTokenThatEndedOrIsNoneIsRefused() {
        front.server.rooms.tokens.put(
                FakeRooms.TOKEN, FakeRooms.subject("alice", Instant.now().minusSeconds(1)));
        assertThat(front.attach(FrontServer.bearer())).isEqualTo(401);
        assertThat(front.attach(Map.of("Authorization", "Bearer nobody"))).isEqualTo(401);
        assertThat(front.attach(Map.of("Authorization", "Basic YTpi"))).isEqualTo(401);
        assertThat(front.attach(Map.of("Cookie", "token=" + FakeRooms.TOKEN))).isEqualTo(401);
        assertThat(front.attach(Map.of("Authorization", "Bearer " + "x".repeat(20_000))))
                .isIn(401, 431);
    }

    @Test
    void loggingOutEndsTheConsoles() {
        try (var talk = front.server.open(Checklist.ATTACH, Checklist.CONSOLE.getFirst())) {
            front.server.seat();
            assertThat(front.server
                            .call("POST", "/v1/logout", FrontServer.bearer(), null)
                            .status())
                    .isEqualTo(204);
            assertThat(talk.closeCode()).isEqualTo(1008);
        }
        assertThat(front.attach(FrontServer.bearer())).isEqualTo(401);
    }

    @Test
    void aTicketOpensOneDoorOnce() {
        String path = Checklist.BY_ID + "/attach?ticket=" + front.ticket(Checklist.FOR_ATTACH);
        List<CompletableFuture<Integer>> both = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> front.server.upgrade(path, Checklist.CONSOLE, Map.of()), Thread::startVirtualThread))
                .toList();
        assertThat(both.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(101, 401, 401, 401);
        assertThat(front.server.upgrade(path, Checklist.CONSOLE, Map.of())).isEqualTo(401);
    }

    @Test
    void aTicketOpensNoOtherDoorAndIsSpentByTheAttempt() {
        String ticket = front.ticket(Checklist.FOR_ATTACH);
        assertThat(front.server.upgrade(
                        Checklist.BY_ID + "/exec?command=id&ticket=" + ticket, Checklist.CONSOLE, Map.of()))
                .isEqualTo(401);
        assertThat(front.server.upgrade(Checklist.BY_ID + "/attach?ticket=" + ticket, Checklist.CONSOLE, Map.of()))
                .isEqualTo(401);
        String second = front.ticket(Checklist.FOR_ATTACH);
        assertThat(front.server.upgrade(
                        "/v1/hosts/dock1/containers/" + FakeRooms.STOPPED + "/attach?ticket=" + second,
                        Checklist.CONSOLE,
                        Map.of()))
                .isEqualTo(401);
        // what stands behind the ticket counts, not what the address adds to it
        String third =
                front.ticket("{\"action\":\"exec\",\"host\":\"dock1\",\"container\":\"web-1\",\"command\":[\"id\"]}");
        assertThat(front.server.upgrade(
                        Checklist.BY_ID + "/exec?command=evil&user=root&ticket=" + third, Checklist.CONSOLE, Map.of()))
                .isEqualTo(101);
        assertThat(front.server.rooms.wishes.getLast().toString())
                .contains("[id]")
                .doesNotContain("evil")
                .doesNotContain("root");
        assertThat(front.server
                        .call("GET", "/v1/me?ticket=" + front.ticket(Checklist.FOR_ATTACH), Map.of(), null)
                        .status())
                .isEqualTo(401);
        assertThat(front.server.upgrade(Checklist.BY_ID + "/attach?ticket=guess", Checklist.CONSOLE, Map.of()))
                .isEqualTo(401);
    }

    @Test
    void aTicketIsWorthNoMoreThanItsMakersRightsWhenItIsUsed() {
        String ticket = front.ticket(Checklist.FOR_ATTACH);
        front.server.rooms.granted.put("alice", Set.of(Action.OBSERVE));
        assertThat(front.server.upgrade(Checklist.BY_ID + "/attach?ticket=" + ticket, Checklist.CONSOLE, Map.of()))
                .isEqualTo(403);
        assertThat(front.server
                        .call("POST", "/v1/tickets", FrontServer.bearer(), Checklist.FOR_ATTACH)
                        .status())
                .isEqualTo(403);
    }
}
