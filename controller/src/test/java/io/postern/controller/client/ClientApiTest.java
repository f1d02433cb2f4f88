package io.postern.controller.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Admin;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.postern.controller.testing.TestPresence;
import io.postern.controller.testing.Tokens;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The fields without which stock clients crash or spin (stock clients sheet, section 7), and who sees what. */
@ControllerTest
class ClientApiTest {
    @Inject
    Network network;

    @Inject
    TestPresence presence;

    @AfterEach
    void clean() {
        network.clean();
    }

    @Test
    void versionIsEverywhereAndPlain() {
        var http = Http.anonymous(network.port());
        for (String path : List.of(
                "/",
                "/version",
                "//version",
                "/edge/client/v1/version",
                "/edge/v1/version",
                "/edge/management/v1/version")) {
            var answer = http.get(path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.header("content-type")).as(path).isEqualTo("application/json");
            assertThat(answer.header("ziti-instance-id")).isNotEmpty();
            assertThat(answer.header("server")).isNotEmpty();
            JsonNode data = answer.data();
            assertThat(data.path("capabilities").isArray()).isTrue();
            assertThat(data.path("capabilities")).extracting(JsonNode::asText).containsExactly("OIDC_AUTH");
            assertThat(data.path("version").asText()).matches("v\\d+\\.\\d+\\.\\d+");
            for (String api : List.of("edge", "edge-client", "edge-management")) {
                JsonNode v1 = data.path("apiVersions").path(api).path("v1");
                assertThat(v1.path("apiBaseUrls").path(0).asText())
                        .isEqualTo("https://localhost:" + network.port()
                                + v1.path("path").asText());
            }
        }
        assertThat(http.get("/edge/client/v1/nosuch").status()).isIn(401, 404);
        assertThat(http.get("/external-jwt-signers").data()).isEmpty();
        JsonNode key = http.get("/oidc/keys").json().path("keys").path(0);
        assertThat(key.path("kid").asText()).matches("[0-9a-f]{40}");
        assertThat(key.path("kty").asText()).isEqualTo("EC");
        assertThat(key.has("d")).isFalse();
        assertThat(http.get("/network-jwts").data().path(0).path("token").asText())
                .startsWith("ey");
    }

    @Test
    void servicesCarryWhatStockClientsNeed() {
        String mark = "svc" + System.nanoTime();
        String dialed = network.service(mark);
        String bound = network.service(mark + "b");
        network.service(mark + "hidden");
        network.allow("Dial", "#" + mark, "#" + mark);
        network.allow("Bind", "#" + mark, "@" + bound);
        network.allow("Dial", "#" + mark, "@" + bound);
        Http http = login(network.identity(mark));

        var list = http.get("/services?limit=500&offset=0&configTypes=all");
        assertThat(list.status()).as(list.response().body()).isEqualTo(200);
        JsonNode pagination = list.json().path("meta").path("pagination");
        for (String field : List.of("limit", "offset", "totalCount")) {
            assertThat(pagination.path(field).isNumber()).as(field).isTrue();
        }
        assertThat(pagination.path("totalCount").asInt()).isEqualTo(2);
        for (JsonNode service : list.data()) {
            assertThat(service.path("permissions")).isNotEmpty();
            assertThat(service.path("postureQueries").isArray()).isTrue();
            assertThat(service.path("postureQueries"))
                    .isNotEmpty()
                    .allMatch(query -> query.path("isPassing").asBoolean()
                            && query.path("postureQueries").isArray());
            assertThat(service.path("config").isObject()).isTrue();
            assertThat(service.path("encryptionRequired").isBoolean()).isTrue();
            assertThat(service.path("tags").isObject()).isTrue();
        }
        assertThat(http.get("/services/" + bound).data().path("permissions"))
                .extracting(JsonNode::asText)
                .containsExactly("Dial", "Bind");
        var byName = http.get("/services?filter=name%3D%22service-" + dialed + "%22");
        assertThat(byName.data()).hasSize(1);
        assertThat(http.get("/services?limit=1&offset=1").data()).hasSize(1);
        var terminators = http.get("/services/" + bound + "/terminators");
        assertThat(terminators.data().isArray()).isTrue();
        assertThat(terminators.json().path("meta").path("pagination").has("totalCount"))
                .isTrue();
        assertThat(http.get("/services/nosuch/terminators").status()).isEqualTo(404);
        assertThat(http.get("/services/nosuch").status()).isEqualTo(404);
        assertThat(http.get("/services?limit=abc").status()).isEqualTo(400);
    }

    @Test
    void configsComeByType() {
        String mark = "cfg" + System.nanoTime();
        network.remember("config_type", mark);
        network.remember("config", mark + "1");
        network.remember("config", mark + "2");
        String service = network.service(mark);
        network.sql(
                "insert into config_type (id, created_at, updated_at, name) values (?, now(), now(), ?)", mark, mark);
        network.sql(
                "insert into config (id, created_at, updated_at, name, config_type_id, data)"
                        + " values (?, now(), now(), ?, ?, '{\"port\": 1}'), (?, now(), now(), ?, ?, '{\"port\": 2}')",
                mark + "1",
                mark + "1",
                mark,
                mark + "2",
                mark + "2",
                mark);
        network.sql("update service set configs = array[?] where id = ?", mark + "1", service);
        network.allow("Dial", "#" + mark, "#" + mark);
        String identity = network.identity(mark);
        Http http = login(identity);
        assertThat(config(http, service, "", mark).isMissingNode()).isTrue();
        assertThat(config(http, service, "?configTypes=all", mark).path("port").asInt())
                .isEqualTo(1);
        assertThat(config(http, service, "?configTypes=x," + mark, mark)
                        .path("port")
                        .asInt())
                .isEqualTo(1);
        network.sql(
                "insert into identity_service_config (identity_id, service_id, config_id, config_type_id)"
                        + " values (?, ?, ?, ?)",
                identity,
                service,
                mark + "2",
                mark);
        assertThat(config(http, service, "?configTypes=all", mark).path("port").asInt())
                .isEqualTo(2);
    }

    @Test
    void aSessionThatIsRefusedNamesWhatIsMissing() throws Exception {
        String mark = "ses" + System.nanoTime();
        String service = network.service(mark);
        network.router(mark);
        network.router(mark);
        Http http = login(network.identity(mark));
        String dial = "{\"serviceId\":\"" + service + "\",\"type\":\"Dial\"}";

        assertThat(http.post("/sessions", "{\"serviceId\":\"nosuch\",\"type\":\"Dial\"}")
                        .status())
                .isEqualTo(404);
        assertThat(http.post("/sessions", dial).errorCode()).isEqualTo("COULD_NOT_VALIDATE");
        network.allow("Dial", "#" + mark, "#" + mark);
        assertThat(noRouters(http, dial)).contains("no edge-router policy gives this identity");
        network.allowRouters("#" + mark, "#" + mark, "#nobody" + mark);
        assertThat(noRouters(http, dial)).contains("no service-edge-router policy gives the service");
        network.allowRouters("#" + mark, "#" + mark, "#" + mark);
        assertThat(noRouters(http, dial)).contains("none of the 2 edge routers that the policies allow is online");
    }

    /** A service that this mark's identities may dial by its routers. */
    private String allowed(String mark) throws Exception {
        String service = network.service(mark);
        network.allow("Dial", "#" + mark, "#" + mark);
        network.allowRouters("#" + mark, "#" + mark, "#" + mark);
        return service;
    }

    @Test
    void aSessionHasTheOnlineRoutersAndAToken() throws Exception {
        String mark = "ses" + System.nanoTime();
        String service = allowed(mark);
        String router = network.router(mark);
        network.router(mark); // is not online
        Http http = login(network.identity(mark));
        String dial = "{\"serviceId\":\"" + service + "\",\"type\":\"Dial\"}";
        presence.online(router, 4711);

        var created = http.post("/sessions", dial);
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        JsonNode session = created.data();
        assertThat(session.path("service").path("id").asText()).isEqualTo(service);
        assertThat(session.path("apiSession").path("id").asText())
                .isEqualTo(session.path("apiSessionId").asText());
        assertThat(session.path("edgeRouters")).hasSize(1);
        JsonNode er = session.path("edgeRouters").path(0);
        for (String field : List.of("supportedProtocols", "urls")) {
            assertThat(er.path(field).path("tls").asText()).isEqualTo("tls://localhost:4711");
        }
        for (String field : List.of("name", "hostname", "isOnline", "syncStatus", "cost", "noTraversal", "disabled")) {
            assertThat(er.has(field)).as(field).isTrue();
        }
        assertThat(Tokens.claims(session.path("token").asText()))
                .containsEntry("z_t", "s")
                .containsEntry("z_st", "Dial")
                .containsEntry("sub", service)
                .containsEntry("jti", session.path("id").asText())
                .containsEntry("z_asid", session.path("apiSessionId").asText())
                .containsEntry("z_iid", session.path("identityId").asText());

        assertThat(http.post("/sessions", dial).data().path("id").asText())
                .isEqualTo(session.path("id").asText());
        assertThat(http.post("/sessions", dial.replace("Dial", "Bind")).status())
                .isEqualTo(400);
        assertThat(http.get("/sessions").data()).hasSize(1);
        assertThat(http.get("/current-identity/edge-routers?limit=25&offset=0").data())
                .allMatch(found -> found.path("isOnline").asBoolean()
                        == found.path("supportedProtocols").has("tls"))
                .anyMatch(found -> found.path("id").asText().equals(router)
                        && found.path("isOnline").asBoolean());
        assertThat(http.get("/services/" + service + "/edge-routers").data().path("edgeRouters"))
                .hasSize(1);
        String path = "/sessions/" + session.path("id").asText();
        assertThat(http.get(path).status()).isEqualTo(200);
        assertThat(login(network.identity()).get(path).status()).isEqualTo(404);
        assertThat(http.delete(path).status()).isEqualTo(200);
        assertThat(http.get(path).status()).isEqualTo(404);
        presence.offline(router);
    }

    /** A host asks again by itself when it gets routers without addresses; refused, the C SDK 0.29 would never bind again. */
    @Test
    void aHostWhoseRoutersAreAwayGetsItsSession() throws Exception {
        String mark = "away" + System.nanoTime();
        String service = network.service(mark);
        network.router(mark);
        Http http = login(network.identity(mark));
        String bind = "{\"serviceId\":\"" + service + "\",\"type\":\"Bind\"}";
        network.allow("Bind", "#" + mark, "#" + mark);
        assertThat(noRouters(http, bind)).contains("no edge-router policy gives this identity");
        network.allowRouters("#" + mark, "#" + mark, "#" + mark);

        var created = http.post("/sessions", bind);
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        assertThat(created.data().path("edgeRouters")).hasSize(1).allSatisfy(router -> {
            assertThat(router.path("isOnline").asBoolean(true)).isFalse();
            assertThat(router.path("supportedProtocols").isObject()).isTrue();
            assertThat(router.path("supportedProtocols")).isEmpty();
        });
    }

    private static String noRouters(Http http, String session) {
        var refused = http.post("/sessions", session);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errorCode()).isEqualTo("NO_EDGE_ROUTERS_AVAILABLE");
        return refused.response().body();
    }

    @Test
    void anAdministratorSeesAndEndsSessions() {
        String mark = "adm" + System.nanoTime();
        String service = network.service(mark);
        String router = network.router(mark);
        network.allow("Dial", "#" + mark, "#" + mark);
        network.allowRouters("#" + mark, "#" + mark, "#" + mark);
        presence.online(router, 4711);
        String identity = network.identity(mark);
        Http http = login(identity);
        String apiSession = http.get("/current-api-session").data().path("id").asText();
        String session = http.post("/sessions", "{\"serviceId\":\"" + service + "\",\"type\":\"Dial\"}")
                .data()
                .path("id")
                .asText();
        Admin.admin()
                .queryParam("filter", "identity = \"" + identity + "\"")
                .get("api-sessions")
                .then()
                .statusCode(200)
                .body("data.id", contains(apiSession))
                .body("data[0].identity.id", is(identity))
                .body("meta.pagination.totalCount", is(1));
        Admin.admin().get("api-sessions/" + apiSession).then().statusCode(200).body("data.id", is(apiSession));
        Admin.admin()
                .queryParam("filter", "apiSession = \"" + apiSession + "\"")
                .get("sessions")
                .then()
                .statusCode(200)
                .body("data.id", contains(session));
        Admin.admin()
                .get("sessions/" + session)
                .then()
                .statusCode(200)
                .body("data.serviceId", is(service))
                .body("data.type", is("Dial"));
        Admin.admin().delete("sessions/" + session).then().statusCode(200);
        assertThat(network.count("select count(*) from revocation where type = 'JTI' and id = ?", session))
                .as("routers are told")
                .isEqualTo(1);
        assertThat(http.get("/sessions/" + session).status()).isEqualTo(404);
        Admin.admin().delete("api-sessions/" + apiSession).then().statusCode(200);
        assertThat(network.count("select count(*) from revocation where type = 'API_SESSION' and id = ?", apiSession))
                .isEqualTo(1);
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> http.get("/current-api-session").status() == 401);
        presence.offline(router);
    }

    @Test
    void lastChangeMovesWithTheServicesOnly() {
        String mark = "upd" + System.nanoTime();
        Http http = login(network.identity(mark));
        String first = lastChange(http);
        assertThat(first).matches("\\d{4}-.*T.*\\.\\d{3}Z");
        network.service("else" + mark);
        bump();
        assertThat(lastChange(http)).isEqualTo(first);
        String service = network.service(mark);
        network.allow("Dial", "#" + mark, "#" + mark);
        bump();
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> lastChange(http).compareTo(first) > 0);
        String second = lastChange(http);
        network.sql("update service set updated_at = now(), name = name || 'x' where id = ?", service);
        bump();
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> lastChange(http).compareTo(second) > 0);
    }

    @Test
    void theRestAnswersTheirShapes() {
        Http http = login(network.identity());
        assertThat(http.get("/controllers")
                        .data()
                        .path(0)
                        .path("apiAddresses")
                        .path("edge-client")
                        .path(0)
                        .path("version")
                        .asText())
                .isEqualTo("v1");
        JsonNode me = http.get("/current-identity").data();
        for (String field : List.of(
                "id",
                "name",
                "type",
                "typeId",
                "authenticators",
                "enrollment",
                "sdkInfo",
                "envInfo",
                "isMfaEnabled",
                "roleAttributes",
                "appData",
                "tags",
                "_links",
                "isAdmin")) {
            assertThat(me.has(field)).as(field).isTrue();
        }
        assertThat(me.path("authenticators").path("cert").has("fingerprint")).isTrue();
        assertThat(http.post("/posture-response-bulk", "[]").status()).isEqualTo(201);
        assertThat(http.post("/posture-response", "{\"typeId\":\"OS\",\"id\":\"x\"}")
                        .status())
                .isEqualTo(201);
        assertThat(http.post("/posture-response", "{\"typeId\":\"NOPE\"}").status())
                .isEqualTo(400);
    }

    private JsonNode config(Http http, String service, String query, String type) {
        return http.get("/services/" + service + query).data().path("config").path(type);
    }

    private static String lastChange(Http http) {
        return http.get("/current-api-session/service-updates")
                .data()
                .path("lastChangeAt")
                .asText();
    }

    /** What the kernel does with every write of its own. */
    private void bump() {
        network.sql(
                "with bump as (update model_index set last = last + 1 returning last) insert into model_change"
                        + " (index, seq, kind, entity_id, action, at) select last, 0, 'service', 'x', 'UPDATE', now() from bump");
    }

    private Http login(String identityId) {
        Http http = network.enrolled(identityId).http();
        var answer = http.post("/edge/client/v1/authenticate?method=cert", "{}");
        assertThat(answer.status()).isEqualTo(200);
        return http.session(answer.header("zt-session"));
    }
}
