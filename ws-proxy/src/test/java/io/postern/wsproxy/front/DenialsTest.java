package io.postern.wsproxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.audit.Happening;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DenialsTest {
    private static final String CONSOLE = "console.postern.v1";
    private static final String CONTAINER = "/v1/hosts/dock1/containers/web-1";

    private final FrontServer server = new FrontServer();

    @AfterEach
    void close() {
        server.close();
    }

    private List<Happening.Denied> denied() {
        return server.rooms.happened.stream()
                .filter(Happening.Denied.class::isInstance)
                .map(Happening.Denied.class::cast)
                .toList();
    }

    private int upgrade(String path, Map<String, String> headers) {
        return server.upgrade(path, List.of(CONSOLE), headers);
    }

    @Test
    void aRefusedHandshakeIsOnRecordWithWhoWhatWhereAndWhy() {
        server.rooms.granted.put("alice", Set.of(Action.OBSERVE));
        assertThat(upgrade(CONTAINER + "/exec?command=sh&user=root", FrontServer.bearer()))
                .isEqualTo(403);
        assertThat(denied()).singleElement().satisfies(it -> {
            assertThat(it.who())
                    .hasValueSatisfying(who -> assertThat(who.name()).isEqualTo("alice"));
            assertThat(it.action()).isEqualTo("exec");
            assertThat(it.host()).isEqualTo("dock1");
            assertThat(it.container()).isEqualTo("web-1");
            assertThat(it.reason()).startsWith("FORBIDDEN: You may not run commands in");
            assertThat(it.remoteAddress()).isEqualTo("127.0.0.1");
        });
    }

    @Test
    void kubernetesIsRecordedLikewise() {
        server.rooms.granted.put("alice", Set.of(Action.EXEC));
        assertThat(server.upgrade(
                        "/api/v1/namespaces/dock1/pods/web-1/attach?stdout=true",
                        List.of("v5.channel.k8s.io"),
                        FrontServer.bearer()))
                .isEqualTo(403);
        assertThat(denied()).singleElement().satisfies(it -> {
            assertThat(it.action()).isEqualTo("observe");
            assertThat(it.host()).isEqualTo("dock1");
            assertThat(it.container()).isEqualTo("web-1");
        });
    }

    @Test
    void whoIsNotKnownIsOnRecordByAddressAndNoSecretIs() {
        assertThat(upgrade(CONTAINER + "/attach", Map.of())).isEqualTo(401);
        assertThat(upgrade(CONTAINER + "/attach", Map.of("Authorization", "Bearer secret-of-mine")))
                .isEqualTo(401);
        assertThat(upgrade(CONTAINER + "/attach?ticket=secret-of-mine-that-is-long-enough", Map.of()))
                .isEqualTo(401);
        assertThat(upgrade(CONTAINER + "/attach?access_token=secret-of-mine", Map.of()))
                .isEqualTo(400);
        assertThat(upgrade(CONTAINER + "/attach", Map.of("Origin", "https://evil.example")))
                .isEqualTo(403);
        assertThat(upgrade("/v1/hosts/dock1/containers/%00%0asecret-of-mine/attach", FrontServer.bearer()))
                .isEqualTo(400);
        assertThat(server.get("/v1/sessions/nothing").status()).isEqualTo(404);
        assertThat(denied()).hasSize(6).allSatisfy(it -> {
            assertThat(it.remoteAddress()).isEqualTo("127.0.0.1");
            assertThat(it.toString()).doesNotContain("secret-of-mine");
        });
        assertThat(denied().subList(0, 5)).allSatisfy(it -> assertThat(it.who()).isEmpty());
        assertThat(denied().get(5).who()).isPresent();
    }

    @Test
    void whatIsRefusedWithoutAHandshakeIsOnRecordOnlyWhenItIsADenial() {
        assertThat(server.call("GET", "/v1/me", Map.of(), null).status()).isEqualTo(401);
        assertThat(server.get("/v1/nothing").status()).isEqualTo(404);
        assertThat(server.call("POST", "/v1/login", Map.of(), "{\"username\":\"a\",\"password\":\"wrong\"}")
                        .status())
                .isEqualTo(401);
        assertThat(server.call(
                                "POST",
                                "/v1/tickets",
                                FrontServer.bearer(),
                                "{\"action\":\"attach\",\"host\":\"dock1\",\"container\":\"hidden\"}")
                        .status())
                .isEqualTo(404);
        assertThat(denied()).hasSize(2);
        assertThat(denied().getLast().container()).isEqualTo("hidden");
        assertThat(denied().getLast().action()).isEqualTo("attach");
        assertThat(denied().getLast().who()).isPresent();
    }

    @Test
    void aTicketThatWasTakenIsOnRecordOnceAndItsSecondUseIsDenied() {
        String url = server.call(
                        "POST",
                        "/v1/tickets",
                        FrontServer.bearer(),
                        "{\"action\":\"observe\",\"host\":\"dock1\",\"container\":\"web-1\"}")
                .body()
                .path("url")
                .asText();
        String path = url.substring(url.indexOf("/v1/"));
        assertThat(upgrade(path, Map.of())).isEqualTo(101);
        assertThat(upgrade(path, Map.of())).isEqualTo(401);
        assertThat(server.rooms.happened.stream()
                        .filter(Happening.TicketUsed.class::isInstance)
                        .map(Happening.TicketUsed.class::cast))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.who().name()).isEqualTo("alice");
                    assertThat(it.purpose()).isEqualTo("observe");
                    assertThat(it.remoteAddress()).isEqualTo("127.0.0.1");
                });
        assertThat(denied()).singleElement().satisfies(it -> {
            assertThat(it.who()).isEmpty();
            assertThat(it.reason()).startsWith("UNAUTHORIZED");
        });
        assertThat(server.rooms.happened.toString()).doesNotContain(server.rooms.issued.getFirst());
    }

    @Test
    void afterALogoutNothingOfTheApiSessionIsBelieved() {
        server.call("POST", "/v1/logout", FrontServer.bearer(), "");
        assertThat(server.rooms.disbelieved).containsExactly("session-of-alice");
    }

    private static Happening.Denied from(String address, String name) {
        return new Happening.Denied(
                name.isEmpty() ? Optional.empty() : Optional.of(FakeRooms.subject(name, Instant.EPOCH)),
                "exec",
                "dock1",
                "web-1",
                "FORBIDDEN",
                address);
    }

    @Test
    void aFloodIsBoundedForEachAddressAndForAllStrangers() {
        List<Happening> kept = new ArrayList<>();
        Denials denials = new Denials(kept::add);
        for (int i = 0; i < 5_000; i++) {
            denials.record(from("10.0.0.1", ""), 0);
        }
        assertThat(kept).hasSize(Denials.ONE.burst());
        for (int i = 0; i < 50_000; i++) {
            denials.record(from("10.1." + i / 250 + "." + i % 250, ""), 0);
        }
        assertThat(kept).hasSize(Denials.STRANGERS.burst());
        denials.record(from("10.0.0.1", "alice"), 0);
        assertThat(kept).hasSize(Denials.STRANGERS.burst() + 1);
        assertThat(((Happening.Denied) kept.getLast()).reason())
                .isEqualTo("FORBIDDEN (" + (50_000 - Denials.STRANGERS.burst() + Denials.ONE.burst())
                        + " refusals before it are not on record)");
        denials.record(from("10.0.0.1", ""), 1_000_000_000L);
        assertThat(((Happening.Denied) kept.getLast()).reason()).isEqualTo("FORBIDDEN");
        assertThat(kept).hasSize(Denials.STRANGERS.burst() + 2);
    }
}
