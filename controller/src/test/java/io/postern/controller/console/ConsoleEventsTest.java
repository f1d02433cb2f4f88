package io.postern.controller.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.console.ConsoleWorld.User;
import io.postern.controller.kernel.Ids;
import io.postern.controller.testing.Admin;
import io.postern.controller.testing.Network;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ControllerTest
class ConsoleEventsTest {
    private static final String EVENTS = "/edge/client/v1/console-events";

    @Inject
    Network network;

    @Inject
    ConsoleWorld world;

    @Inject
    ReportedEvents reported;

    private User proxy;
    private String policy;

    @BeforeEach
    void make() {
        var host = world.host("engine-events", "[]");
        proxy = world.user();
        policy = world.dial(proxy, host);
    }

    @AfterEach
    void clean() {
        network.sql("delete from console_event where proxy_id = ?", proxy.id());
        network.clean();
    }

    private static String id() {
        return "test-" + Ids.next() + Ids.next();
    }

    private static String event(String id, String type, String more) {
        return "{\"id\":\"" + id + "\",\"at\":\"2026-03-01T10:00:00.250Z\",\"type\":\"" + type + "\"" + more + "}";
    }

    @Test
    void eventsAreTakenOnceAndFound() {
        String close = id();
        String session = id();
        String batch = "[" + event(id(), "session.open", ",\"sessionId\":\"" + session + "\"") + ","
                + event(
                        close,
                        "session.close",
                        ",\"sessionId\":\"" + session
                                + "\",\"identityId\":\"i1\",\"identityName\":\"alice\",\"host\":\"engine\","
                                + "\"containerId\":\"c1\",\"container\":\"web-1\",\"image\":\"busybox:1\","
                                + "\"action\":\"exec\",\"reason\":\"exit\",\"bytesIn\":5,\"bytesOut\":5000000000,"
                                + "\"durationMillis\":1200,\"exitCode\":3,\"details\":{\"command\":[\"sh\",\"-c\"]}")
                + "]";
        var first = proxy.http().post(EVENTS, batch);
        assertThat(first.status()).as(first.response().body()).isEqualTo(201);
        assertThat(first.data().path("count").asInt()).isEqualTo(2);
        assertThat(proxy.http().post(EVENTS, batch).data().path("count").asInt())
                .isZero();

        var list = Admin.admin()
                .queryParam(
                        "filter",
                        "sessionId = \"" + session + "\" and exitCode = 3 and bytesOut > 4000000000"
                                + " and at >= datetime(2026-03-01T00:00:00Z) and details.command != null")
                .get("console-events");
        assertThat(list.statusCode()).as(list.asString()).isEqualTo(200);
        assertThat(list.jsonPath().getList("data")).hasSize(1);
        var found = list.jsonPath();
        assertThat(found.getString("data[0].id")).isEqualTo(close);
        assertThat(found.getString("data[0].at")).isEqualTo("2026-03-01T10:00:00.250Z");
        assertThat(found.getString("data[0].identityName")).isEqualTo("alice");
        assertThat(found.getString("data[0].container")).isEqualTo("web-1");
        assertThat(found.getLong("data[0].bytesOut")).isEqualTo(5_000_000_000L);
        assertThat(found.getString("data[0].proxyId")).isEqualTo(proxy.id());
        assertThat(found.getString("data[0].details.command[0]")).isEqualTo("sh");
        var page = Admin.admin()
                .queryParam("filter", "sessionId = \"" + session + "\" sort by type desc limit 1")
                .get("console-events")
                .jsonPath();
        assertThat(page.getInt("meta.pagination.totalCount")).isEqualTo(2);
        assertThat(page.getString("data[0].type")).isEqualTo("session.open");
        assertThat(Admin.admin().get("console-events/" + close).jsonPath().getString("data.reason"))
                .isEqualTo("exit");
        // what happened is not for anybody to remove, nor for users to read
        assertThat(Admin.admin().delete("console-events/" + close).statusCode()).isEqualTo(400);
        assertThat(proxy.http().get("/edge/management/v1/console-events").status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"at\":\"2026-03-01T10:00:00Z\",\"type\":\"a\"}",
                "{\"id\":\"short\",\"at\":\"2026-03-01T10:00:00Z\",\"type\":\"a\"}",
                "{\"id\":\"0123456789abcdef\",\"type\":\"a\"}",
                "{\"id\":\"0123456789abcdef\",\"at\":\"1999-01-01T00:00:00Z\",\"type\":\"a\"}",
                "{\"id\":\"0123456789abcdef\",\"at\":\"2026-03-01T10:00:00Z\",\"type\":\"A b\"}",
                "{\"id\":\"0123456789abcdef\",\"at\":\"2026-03-01T10:00:00Z\",\"type\":\"a\",\"bytesIn\":\"x\"}",
                "{\"id\":\"0123456789abcdef\",\"at\":\"2026-03-01T10:00:00Z\",\"type\":\"a\",\"host\":\"LONG\"}",
                "{\"id\":\"0123456789abcdef\",\"at\":\"2026-03-01T10:00:00Z\",\"type\":\"a\",\"details\":{\"a\":\"HUGE\"}}",
                "5"
            })
    void oneWrongEventRefusesItsBatch(String wrong) {
        String good = id();
        String body = "[" + event(good, "session.open", "") + ","
                + wrong.replace("LONG", "x".repeat(257)).replace("HUGE", "x".repeat(9000)) + "]";
        assertThat(proxy.http().post(EVENTS, body).status()).isEqualTo(400);
        assertThat(network.count("select count(*) from console_event where id = ?", good))
                .isZero();
    }

    @Test
    void aBatchHasABound() {
        String many = IntStream.range(0, ReportedEvents.MOST)
                .mapToObj(i -> event(id(), "denied", ""))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(proxy.http().post(EVENTS, many).data().path("count").asInt()).isEqualTo(ReportedEvents.MOST);
        String more = many.substring(0, many.length() - 1) + "," + event(id(), "denied", "") + "]";
        assertThat(proxy.http().post(EVENTS, more).status()).isEqualTo(400);
    }

    @Test
    void whoWasAProxyStillReportsAndNobodyElseDoes() {
        String report = "[" + event(id(), "session.close", "") + "]";
        assertThat(world.user().http().post(EVENTS, report).status()).isEqualTo(403);
        assertThat(proxy.http().get("/edge/client/v1/console-changes").status()).isEqualTo(200);
        Admin.admin().delete("service-policies/" + policy).then().statusCode(200);
        assertThat(proxy.http().post(EVENTS, report).status()).isEqualTo(201);
        network.sql("update console_proxy set seen_at = now() - interval '25 hours' where identity_id = ?", proxy.id());
        assertThat(proxy.http().post(EVENTS, report).status()).isEqualTo(403);
    }

    @Test
    void eventsAreForgottenInTime() {
        String old = id();
        String fresh = id();
        proxy.http().post(EVENTS, "[" + event(old, "denied", "") + "," + event(fresh, "denied", "") + "]");
        network.sql("update console_event set created_at = now() - interval '91 days' where id = ?", old);
        reported.forget().await().atMost(Duration.ofSeconds(60));
        assertThat(network.count("select count(*) from console_event where id = ?", old))
                .isZero();
        assertThat(network.count("select count(*) from console_event where id = ?", fresh))
                .isEqualTo(1);
    }
}
