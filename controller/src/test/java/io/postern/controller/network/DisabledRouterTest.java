package io.postern.controller.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.postern.controller.ControllerTest;
import io.postern.controller.network.NetworkFixture.RouterIdentity;
import io.postern.controller.testing.Admin;
import io.postern.controller.testing.Http;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A connected router that an administrator disables. Stock never answers that PATCH, and then no write at all, until its
 * controller is killed.
 */
@ControllerTest
class DisabledRouterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    HttpServer server;

    @Inject
    NetworkFixture fixture;

    @Test
    void itsChannelEndsAndNothingHangs() throws Exception {
        RouterIdentity identity = fixture.router(false);
        try (ScriptedRouter router = ScriptedRouter.online(identity, server.getSecurePort())) {
            awaitOnline(identity, true);
            patch(identity, "{\"disabled\":true}");
            await().atMost(PATIENCE).until(router::isClosed);
            Admin.admin()
                    .get("edge-routers/" + identity.id())
                    .then()
                    .statusCode(200)
                    .body("data.disabled", is(true))
                    .body("data.isOnline", is(false));
            assertThatThrownBy(() -> ScriptedRouter.online(identity, server.getSecurePort()))
                    .hasMessageContaining("router is disabled");
            writesGoOn();
        }
        patch(identity, "{\"disabled\":false}");
        try (ScriptedRouter router = ScriptedRouter.online(identity, server.getSecurePort())) {
            awaitOnline(identity, true);
            assertThat(router.isClosed()).isFalse();
            // once more while it is connected: the second time is no different
            patch(identity, "{\"disabled\":true}");
            await().atMost(PATIENCE).until(router::isClosed);
        }
        Admin.admin().delete("edge-routers/" + identity.id()).then().statusCode(200);
    }

    private static void patch(RouterIdentity identity, String body) {
        Admin.sending(body).patch("edge-routers/" + identity.id()).then().statusCode(200);
    }

    private void writesGoOn() {
        String service = Admin.create("services", "{\"name\":\"written meanwhile\"}");
        Admin.admin().delete("services/" + service).then().statusCode(200);
        var login = Http.anonymous(server.getSecurePort())
                .post(
                        "/edge/management/v1/authenticate?method=password",
                        "{\"username\":\"admin\",\"password\":\"admin-password\"}");
        assertThat(login.status()).isEqualTo(200);
    }

    private static void awaitOnline(RouterIdentity identity, boolean online) {
        await().atMost(PATIENCE)
                .until(() -> Admin.admin()
                                .get("edge-routers/" + identity.id())
                                .then()
                                .extract()
                                .<Boolean>path("data.isOnline")
                        == online);
    }
}
