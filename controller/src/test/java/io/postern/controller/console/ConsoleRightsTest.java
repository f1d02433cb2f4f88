package io.postern.controller.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Admin;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ControllerTest
class ConsoleRightsTest {
    @Inject
    Network network;

    @Inject
    ConsoleWorld world;

    @AfterEach
    void clean() {
        network.clean();
    }

    @Test
    void grantsAreOfWhomTheirRolesMean() {
        var byId = world.user("dev");
        var byName = world.user();
        var byRole = world.user("ops", "dev");
        var nobody = world.user("other");
        var host = world.host("engine-roles", """
                [{"identityRoles":["#ops"],"actions":["attach","exec"],
                  "containers":{"names":["web-*"],"images":["busybox:*"],"labels":{"team":"a"}},"users":["app"]},
                 {"identityRoles":["@%s"],"actions":["observe"]},
                 {"identityRoles":["@%s","#ops"],"actions":["copyOut"]}]
                """.formatted(byId.id(), byName.name()));
        var proxy = world.proxy(host);
        assertThat(world.grants(proxy, byRole, host)).hasSize(2);
        var first = world.grants(proxy, byRole, host).get(0);
        assertThat(first.path("actions")).extracting(node -> node.asText()).containsExactly("attach", "exec");
        assertThat(first.path("containers").path("labels").path("team").asText())
                .isEqualTo("a");
        assertThat(first.path("users").get(0).asText()).isEqualTo("app");
        assertThat(first.has("identityRoles")).isFalse();
        assertThat(world.grants(proxy, byId, host).findValuesAsText("actions")).hasSize(1);
        assertThat(world.grants(proxy, byId, host).get(0).path("actions").get(0).asText())
                .isEqualTo("observe");
        assertThat(world.grants(proxy, byId, host).get(0).has("containers")).isFalse();
        assertThat(world.grants(proxy, byName, host)
                        .get(0)
                        .path("actions")
                        .get(0)
                        .asText())
                .isEqualTo("copyOut");
        assertThat(world.grants(proxy, nobody, host)).isEmpty();

        var answer = world.ask(proxy, byRole, nobody);
        assertThat(answer.data().path("sessions")).hasSize(2);
        assertThat(answer.data().path("index").asLong()).isPositive();
        var standing = answer.data().path("sessions").get(0);
        for (String field : List.of("apiSessionId", "identityId", "identityName", "isAdmin", "expiresAt", "hosts")) {
            assertThat(standing.has(field)).as(field).isTrue();
        }
    }

    @Test
    void onlyWhoMayDialAHostLearnsOfGrantsOnIt() {
        var user = world.user();
        String everybody = "[{\"identityRoles\":[\"#all\"],\"actions\":[\"attach\"]}]";
        var one = world.host("engine-one", everybody);
        var two = world.host("engine-two", everybody);
        var proxy = world.proxy(one);
        assertThat(world.grants(proxy, user, one)).hasSize(1);
        assertThat(world.grants(proxy, user, two).isMissingNode()).isTrue();

        var refused = world.ask(user, user);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errorCode()).isEqualTo("FORBIDDEN");
        assertThat(user.http().get("/edge/client/v1/console-changes").status()).isEqualTo(403);
        assertThat(Http.anonymous(network.port())
                        .post(ConsoleWorld.RIGHTS, ConsoleWorld.question(false, user))
                        .status())
                .isEqualTo(401);

        // to host a service is not to dial it
        var hoster = world.user();
        network.allow("Bind", "@" + hoster.id(), "@" + one.service());
        assertThat(world.ask(hoster, user).status()).isEqualTo(403);
    }

    @Test
    void whatEndedIsMissing() {
        var host = world.host("engine-ended", "[{\"identityRoles\":[\"#all\"],\"actions\":[\"attach\"]}]");
        var proxy = world.proxy(host);
        var loggedOut = world.user();
        var disabled = world.user();
        var unused = world.user();
        assertThat(world.ask(proxy, loggedOut, disabled, unused).data().path("sessions"))
                .hasSize(3);
        assertThat(loggedOut.http().delete("/current-api-session").status()).isEqualTo(200);
        network.sql("update identity set disabled_at = now() where id = ?", disabled.id());
        network.sql("update api_session set expires_at = now() where id = ?", unused.apiSessionId());
        assertThat(world.ask(proxy, loggedOut, disabled, unused).data().path("sessions"))
                .isEmpty();
    }

    @Test
    void aConsoleInUseIsUseOfItsApiSessionAndALookIsNot() {
        var host = world.host("engine-use", "[{\"identityRoles\":[\"#all\"],\"actions\":[\"attach\"]}]");
        var proxy = world.proxy(host);
        var user = world.user();
        network.sql(
                "update api_session set last_activity_at = now() - interval '20 minutes',"
                        + " expires_at = now() + interval '10 minutes' where id = ?",
                user.apiSessionId());
        String soon = "select count(*) from api_session where id = ? and expires_at < now() + interval '11 minutes'";
        world.ask(proxy, user);
        assertThat(network.count(soon, user.apiSessionId())).isEqualTo(1);
        assertThat(proxy.http()
                        .post(ConsoleWorld.RIGHTS, ConsoleWorld.question(true, user))
                        .data()
                        .path("sessions"))
                .hasSize(1);
        assertThat(network.count(soon, user.apiSessionId())).isZero();
        // what ended does not come back by use
        network.sql("update api_session set expires_at = now() where id = ?", user.apiSessionId());
        proxy.http().post(ConsoleWorld.RIGHTS, ConsoleWorld.question(true, user));
        assertThat(world.ask(proxy, user).data().path("sessions")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"apiSessions\":[]}",
                "{\"apiSessions\":[5]}",
                "{\"apiSessions\":[\"\"]}",
                "{\"apiSessions\":\"x\"}",
                "[]",
                "x"
            })
    void questionsOfNoShapeAreRefused(String body) {
        assertThat(world.user().http().post(ConsoleWorld.RIGHTS, body).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"identityRoles\":[\"ops\"],\"actions\":[\"attach\"]}]",
                "[{\"identityRoles\":[],\"actions\":[\"attach\"]}]",
                "[{\"identityRoles\":[\"#ops\"],\"actions\":[\"destroy\"]}]",
                "[{\"identityRoles\":[\"#ops\"],\"actions\":[]}]",
                "[{\"identityRoles\":[\"#ops\"]}]",
                "[{\"identityRoles\":[\"#ops\"],\"actions\":[\"attach\"],\"container\":{}}]",
                "[{\"identityRoles\":[\"#ops\"],\"actions\":[\"attach\"],\"containers\":{\"names\":[]}}]",
                "[{\"identityRoles\":[\"#ops\"],\"actions\":[\"attach\"],\"containers\":{\"labels\":{\"a\":1}}}]",
                "{}"
            })
    void grantsOfNoShapeAreRefused(String grants) {
        var answer = Admin.sending(ConsoleWorld.config("engine-wrong", grants)).post("configs");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.jsonPath().getString("error.cause.field")).startsWith("data.grants");
    }

    @Test
    void anEnginesSocketCanBeHosted() {
        String data = "{\"name\":\"socket\",\"configTypeId\":\"NH5p4FpGR\",\"data\":{\"protocol\":\"tcp\",\"port\":1,"
                + "\"address\":\"%s\"}}";
        String config = Admin.create("configs", data.formatted("unix:/var/run/docker.sock"));
        network.remember("config", config);
        for (String wrong : List.of("unix:", "unix:/", "not a host", "")) {
            Admin.sending(data.formatted(wrong)).post("configs").then().statusCode(400);
        }
    }
}
