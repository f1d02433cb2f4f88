package io.postern.controller.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.console.ConsoleWorld.User;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ControllerTest
class ConsoleTicketsTest {
    private static final String TICKETS = "/edge/client/v1/console-tickets";
    private static final String TAKEN = TICKETS + "/taken";

    @Inject
    Network network;

    @Inject
    ConsoleWorld world;

    private ConsoleWorld.Host host;
    private User proxy;
    private User user;

    @BeforeEach
    void make() {
        host = world.host("engine-tickets", "[]");
        proxy = world.proxy(host);
        user = world.user();
    }

    @AfterEach
    void clean() {
        network.clean();
    }

    private Http.Answer issue(User for_, Instant tokenEnd) {
        return proxy.http()
                .post(
                        TICKETS,
                        "{\"apiSessionId\":\"" + for_.apiSessionId() + "\",\"purpose\":\"{\\\"a\\\":1}\","
                                + "\"tokenExpiresAt\":\"" + tokenEnd + "\"}");
    }

    private String ticket() {
        var issued = issue(user, Instant.now().plus(Duration.ofHours(1)));
        assertThat(issued.status()).as(issued.response().body()).isEqualTo(201);
        return issued.data().path("ticket").asText();
    }

    private static Http.Answer take(User by, String ticket) {
        return by.http().post(TAKEN, "{\"ticket\":\"" + ticket + "\"}");
    }

    @Test
    void aTicketStandsOnceForWhomAndWhatItWasMadeFor() {
        String ticket = ticket();
        assertThat(ticket).matches("[A-Za-z0-9_-]{43}");
        assertThat(network.count(
                        "select count(*) from console_ticket t where t.api_session_id = ?"
                                + " and expires_at > now() and expires_at <= now() + interval '60 seconds'",
                        user.apiSessionId()))
                .isEqualTo(1);
        assertThat(network.count("select count(*) from console_ticket t where t::text like ?", "%" + ticket + "%"))
                .isZero();
        // any proxy may take it
        var other = world.proxy(host);
        var taken = take(other, ticket);
        assertThat(taken.status()).as(taken.response().body()).isEqualTo(200);
        assertThat(taken.data().path("identityId").asText()).isEqualTo(user.id());
        assertThat(taken.data().path("apiSessionId").asText()).isEqualTo(user.apiSessionId());
        assertThat(taken.data().path("purpose").asText()).isEqualTo("{\"a\":1}");
        assertThat(take(proxy, ticket).status()).isEqualTo(404);
        assertThat(take(other, ticket).status()).isEqualTo(404);
    }

    @Test
    void ofManyWhoTakeItAtOnceOneGetsIt() {
        String ticket = ticket();
        List<CompletableFuture<Integer>> all = IntStream.range(0, 8)
                .mapToObj(i ->
                        CompletableFuture.supplyAsync(() -> take(proxy, ticket).status()))
                .toList();
        assertThat(all.stream().map(CompletableFuture::join))
                .containsOnlyOnce(200)
                .contains(404);
    }

    @Test
    void itIsWorthNothingWhenItsTimeOrItsSessionIsOver() {
        String old = ticket();
        network.sql("update console_ticket set expires_at = now() where api_session_id = ?", user.apiSessionId());
        assertThat(take(proxy, old).status()).isEqualTo(404);
        String disabled = ticket();
        network.sql("update identity set disabled_at = now() where id = ?", user.id());
        assertThat(take(proxy, disabled).status()).isEqualTo(404);
        network.sql("update identity set disabled_at = null where id = ?", user.id());
        String ended = ticket();
        user.http().delete("/current-api-session");
        assertThat(take(proxy, ended).status()).isEqualTo(404);
        assertThat(network.count("select count(*) from console_ticket where api_session_id = ?", user.apiSessionId()))
                .isZero();
        assertThat(issue(user, Instant.now().plusSeconds(60)).status()).isEqualTo(404);
        var other = world.user();
        String dead = issue(other, Instant.now().minusSeconds(1))
                .data()
                .path("ticket")
                .asText();
        assertThat(take(proxy, dead).status()).isEqualTo(404);
    }

    @Test
    void onlyProxiesMakeAndTakeThem() {
        String ticket = ticket();
        assertThat(take(user, ticket).status()).isEqualTo(403);
        assertThat(user.http()
                        .post(
                                TICKETS,
                                "{\"apiSessionId\":\"" + user.apiSessionId()
                                        + "\",\"purpose\":\"x\",\"tokenExpiresAt\":\"2100-01-01T00:00:00Z\"}")
                        .status())
                .isEqualTo(403);
        assertThat(take(proxy, ticket).status()).isEqualTo(200);
        assertThat(take(proxy, "x").status()).isEqualTo(404);
        assertThat(take(proxy, "").status()).isEqualTo(400);
        assertThat(take(proxy, "x".repeat(100)).status()).isEqualTo(400);
    }

    @Test
    void oneApiSessionHasSoManyAtATime() {
        int most = 64;
        IntStream.range(0, most).forEach(i -> ticket());
        assertThat(issue(user, Instant.now().plusSeconds(60)).status()).isEqualTo(429);
        network.sql("update console_ticket set expires_at = now() where api_session_id = ?", user.apiSessionId());
        ticket();
    }
}
