package io.postern.controller.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.controller.ControllerTest;
import io.postern.controller.rdm.EndedDisablings;
import io.postern.controller.testing.Admin;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.postern.wire.ContentType;
import io.postern.wire.edgectrl.pb.ConnectEvents;
import io.postern.wire.edgectrl.pb.ConnectEvents.IdentityConnectEvents;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.vertx.http.HttpServer;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URL;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who is connected to a router, as its messages say, and as the management API shows it. */
@ControllerTest
class PresenceTest {
    @Inject
    HttpServer server;

    @Inject
    NetworkFixture fixture;

    @Inject
    EndedDisablings disablings;

    @Inject
    Network clients;

    @Test
    void identitiesAreConnectedAsLongAsARouterSaysSo() throws Exception {
        String ann = fixture.identity();
        String bob = fixture.identity();
        try (ScriptedRouter router = ScriptedRouter.online(fixture.router(false), server.getSecurePort())) {
            assertThat(isConnected(ann)).isFalse();
            router.send(ContentType.CONNECT_EVENTS, events(true, ann, true));
            awaitConnected(ann, true);
            router.send(ContentType.CONNECT_EVENTS, events(false, bob, true));
            awaitConnected(bob, true);
            assertThat(isConnected(ann)).isTrue();
            router.send(ContentType.CONNECT_EVENTS, events(false, ann, false));
            awaitConnected(ann, false);
            assertThat(isConnected(bob)).isTrue();
        }
        awaitConnected(bob, false);
    }

    @Test
    void aTimeOfBeingDisabledEndsAsAModelChange() throws Exception {
        String ann = fixture.identity();
        fixture.write(
                "identity",
                ann,
                "UPDATE",
                "update identity set disabled_at = now(), disabled_until = now() - interval '1 second' where id = ?",
                ann);
        disablings.sweep().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(fixture.count("select count(*) from identity where id = ? and disabled_at is null", ann))
                .isEqualTo(1);
        assertThat(fixture.count("select count(*) from model_change where entity_id = ?", ann))
                .isGreaterThanOrEqualTo(3);
    }

    @TestHTTPResource(value = "/metrics", management = true)
    URL metricsAddress;

    @Test
    void metricsSpeakTheTerms() {
        String metrics =
                RestAssured.given().get(metricsAddress).then().extract().asString();
        // the text format lets a comma stand behind the last label
        assertThat(metrics.replace(",}", "}"))
                .contains("postern_api_sessions ", "postern_sessions ", "postern_links ", "postern_circuits ")
                .contains(
                        "postern_api_session_created_total{method=\"cert\"}",
                        "postern_api_session_refused_total{method=\"password\"}",
                        "postern_session_created_total{type=\"Dial\"}",
                        "postern_session_denied_total{type=\"Bind\"}",
                        "postern_enrollment_completed_total{method=\"erott\"}")
                .contains("postern_channels{kind=\"control\"}", "postern_circuit_dial_seconds_count");
    }

    /** Not only from the next count on, which may be a minute away. */
    @Test
    void anApiSessionIsInItsGaugeAtOnce() {
        Http http = clients.enrolled(clients.identity()).http();
        // a count between the two looks, which forgets what other tests have removed, spoils one of them and not the
        // next
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            double before = apiSessions();
            assertThat(http.post("/edge/client/v1/authenticate?method=cert", "{}")
                            .status())
                    .isEqualTo(200);
            return apiSessions() > before;
        });
        clients.clean();
    }

    private double apiSessions() {
        return RestAssured.given()
                .get(metricsAddress)
                .asString()
                .lines()
                .filter(line -> line.startsWith("postern_api_sessions "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private static ConnectEvents events(boolean full, String identityId, boolean connected) {
        return ConnectEvents.newBuilder()
                .setFullState(full)
                .addEvents(IdentityConnectEvents.newBuilder()
                        .setIdentityId(identityId)
                        .setIsConnected(connected))
                .build();
    }

    private static void awaitConnected(String identityId, boolean connected) {
        await().atMost(Duration.ofSeconds(60)).until(() -> isConnected(identityId) == connected);
    }

    private static boolean isConnected(String identityId) {
        return Admin.admin()
                .get("identities/" + identityId)
                .then()
                .statusCode(200)
                .extract()
                .path("data.hasEdgeRouterConnection");
    }
}
