package io.postern.controller.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.controller.ControllerTest;
import io.postern.controller.console.ConsoleWorld.User;
import io.postern.controller.testing.Admin;
import io.postern.controller.testing.Network;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ControllerTest
class ConsoleChangesTest {
    private static final String CHANGES = "/edge/client/v1/console-changes";

    @Inject
    Network network;

    @Inject
    ConsoleWorld world;

    @AfterEach
    void clean() {
        network.clean();
    }

    private static JsonNode poll(User proxy, long after, int seconds) {
        var answer = proxy.http().get(CHANGES + "?after=" + after + "&wait=" + seconds);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.data();
    }

    /** What a proxy that waits is told of a change; it waits longer than the time in which it must be told. */
    private static void tells(User proxy, Runnable change, Predicate<JsonNode> told) {
        long index = proxy.http().get(CHANGES).data().path("index").asLong();
        var waiting = CompletableFuture.supplyAsync(() -> {
            long after = index;
            for (int i = 0; i < 100; i++) {
                JsonNode answer = poll(proxy, after, 15);
                if (told.test(answer)) {
                    return answer;
                }
                after = answer.path("index").asLong();
            }
            throw new AssertionError("not told");
        });
        change.run();
        assertThat(waiting.orTimeout(60, TimeUnit.SECONDS).join().path("index").asLong())
                .isGreaterThan(index);
    }

    private static Predicate<JsonNode> concerns(String id) {
        return answer -> answer.path("everybody").asBoolean()
                || answer.path("concerned")
                        .valueStream()
                        .anyMatch(each -> each.asText().equals(id));
    }

    @Test
    void changesAreToldToWhoWaits() {
        var host = world.host("engine-changes", "[{\"identityRoles\":[\"#all\"],\"actions\":[\"attach\"]}]");
        var proxy = world.user();
        String policy = world.dial(proxy, host);
        var user = world.user();
        Predicate<JsonNode> everybody = answer -> answer.path("everybody").asBoolean();
        tells(
                proxy,
                () -> Admin.sending("{\"data\":{\"grants\":[]}}")
                        .patch("configs/" + host.config())
                        .then()
                        .statusCode(200),
                everybody);
        tells(
                proxy,
                () -> Admin.sending("{\"roleAttributes\":[\"other\"]}")
                        .patch("identities/" + user.id())
                        .then()
                        .statusCode(200),
                concerns(user.id()));
        var leaving = world.user();
        tells(proxy, () -> leaving.http().delete("/current-api-session"), concerns(leaving.apiSessionId()));
        tells(
                proxy,
                () -> Admin.admin()
                        .delete("api-sessions/" + user.apiSessionId())
                        .then()
                        .statusCode(200),
                concerns(user.apiSessionId()));
        tells(
                proxy,
                () -> Admin.sending("{\"durationMinutes\":0}")
                        .post("identities/" + user.id() + "/disable")
                        .then()
                        .statusCode(200),
                concerns(user.id()));
        tells(
                proxy,
                () -> Admin.admin().delete("identities/" + user.id()).then().statusCode(200),
                concerns(user.id()));
        // a second policy, so that a proxy which asks a moment late may still ask
        String other = world.dial(proxy, host);
        tells(
                proxy,
                () -> Admin.admin().delete("service-policies/" + policy).then().statusCode(200),
                everybody);
        Admin.admin().delete("service-policies/" + other).then().statusCode(200);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(proxy.http().get(CHANGES).status()).isEqualTo(403));
    }

    @Test
    void whoComesBackLearnsWhatWasMissedAndAStrangeIndexMeansAnything() {
        var host = world.host("engine-missed", "[{\"identityRoles\":[\"#all\"],\"actions\":[\"attach\"]}]");
        var proxy = world.proxy(host);
        var user = world.user();
        JsonNode first = proxy.http().get(CHANGES).data();
        assertThat(first.path("everybody").asBoolean()).isTrue();
        user.http().delete("/current-api-session");
        assertThat(concerns(user.apiSessionId())
                        .test(poll(proxy, first.path("index").asLong(), 0)))
                .isTrue();
        JsonNode strange = poll(proxy, first.path("index").asLong() + 1_000_000, 15);
        assertThat(strange.path("everybody").asBoolean()).isTrue();
        assertThat(strange.path("index").asLong())
                .isLessThan(first.path("index").asLong() + 1_000_000);
    }

    @Test
    void nothingIsAnAnswer() {
        var host = world.host("engine-nothing", "[]");
        var proxy = world.proxy(host);
        long index = proxy.http().get(CHANGES).data().path("index").asLong();
        JsonNode nothing = poll(proxy, index, 1);
        assertThat(nothing.path("everybody").asBoolean()).isFalse();
        assertThat(nothing.path("concerned")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"after=x", "after=-1", "after=1&wait=26", "after=1&wait=-1", "after=1.5"})
    void wrongNumbersAreRefused(String query) {
        assertThat(world.user().http().get(CHANGES + "?" + query).status()).isEqualTo(400);
    }
}
