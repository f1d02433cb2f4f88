package io.postern.controller.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.postern.testkit.LogCapture;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong field of the client API is a 400 that names it, and nothing that an identity writes is a failure of ours. */
@ControllerTest
class ClientFieldsTest {
    private static final String AUTHENTICATE = "/edge/client/v1/authenticate?method=";

    @Inject
    Network network;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private LogCapture log;
    private Http me;

    @BeforeEach
    void login() {
        log = LogCapture.of("postern.api", Level.SEVERE, failures::add);
        me = network.enrolled(network.identity()).http();
        me.session(me.post(AUTHENTICATE + "cert", "{}").header("zt-session"));
    }

    @AfterEach
    void clean() {
        log.close();
        network.clean();
        assertThat(failures).isEmpty();
    }

    private static void named(Http.Answer answer, String field) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.json().at("/error/cause/field").asText()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'serviceId':5} | serviceId",
                "{'serviceId':['x']} | serviceId",
                "{'serviceId':null} | serviceId",
                "{'serviceId':''} | serviceId",
                "{'type':'Dial'} | serviceId",
                "{'serviceId':'x\\u0000'} | serviceId",
                "{'serviceId':'x','type':7} | type",
                "{'serviceId':'x','type':'Nope'} | type"
            })
    void ofASession(String body, String field) {
        named(me.post("/sessions", body.replace('\'', '"')), field);
        assertThat(me.get("/sessions").data()).isEmpty();
    }

    /** By the short way of certificate logins and by the long one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'configTypes':5} | configTypes",
                "{'configTypes':['all',5]} | configTypes[1]",
                "{'configTypes':['a\\u0000']} | configTypes[0]",
                "{'sdkInfo':[]} | sdkInfo",
                "{'sdkInfo':{'a':'\\u0000'}} | sdkInfo.a",
                "{'envInfo':'x'} | envInfo"
            })
    void ofALogin(String body, String field) {
        Http fresh = network.enrolled(network.identity()).http();
        named(fresh.post(AUTHENTICATE + "cert", body.replace('\'', '"')), field);
        named(fresh.post(AUTHENTICATE + "cert&more=", body.replace('\'', '"')), field);
    }

    @Test
    void ofAPasswordLoginAndOfCertificates() {
        Http anonymous = Http.anonymous(network.port());
        named(anonymous.post(AUTHENTICATE + "password", "{\"username\":5,\"password\":\"x\"}"), "username");
        named(anonymous.post(AUTHENTICATE + "password", "{\"username\":\"x\",\"password\":[]}"), "password");
        named(anonymous.post(AUTHENTICATE + "password", "{\"username\":\"a\\u0000\",\"password\":\"x\"}"), "username");
        named(me.post("/current-api-session/certificates", "{\"csr\":5}"), "csr");
        String own = me.get("/current-identity/authenticators")
                .data()
                .path(0)
                .path("id")
                .asText();
        named(me.post("/current-identity/authenticators/" + own + "/extend", "{\"clientCertCsr\":5}"), "clientCertCsr");
        named(
                me.post("/current-identity/authenticators/" + own + "/extend-verify", "{\"clientCert\":{}}"),
                "clientCert");
        for (String body : List.of("7", "[]", "\"x\"")) {
            assertThat(me.post("/sessions", body).errorCode()).isEqualTo("COULD_NOT_PARSE_BODY");
            assertThat(anonymous.post(AUTHENTICATE + "password", body).errorCode())
                    .isEqualTo("COULD_NOT_PARSE_BODY");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/services/a%00b",
                "/services/a%00b/edge-routers",
                "/services/a%00b/terminators",
                "/services?filter=name%3D%22a%00%22",
                "/services?filter=nosuch%3D1",
                "/services?sort=nosuch",
                "/services?limit=x",
                "/services?configTypes=a%00",
                "/services?filter=name%20contains%20%22'%25_%5C%5C%22",
                "/sessions/a%00b",
                "/sessions?limit=x",
                "/current-identity/edge-routers?limit=x",
                "/current-identity/authenticators/a%00",
                "/oidc/authorize/callback?id=%00",
                "/oidc/login/cert?authRequestID=%00"
            })
    void noParameterIsAFailureOfOurs(String path) {
        assertThat(me.get(path).status()).isIn(200, 400, 404);
    }

    @Test
    void ofAnEnrollment() {
        Http anonymous = Http.anonymous(network.port());
        var unknown = anonymous.post("/enroll?token=a%00b", "x", "Content-Type", "text/plain");
        assertThat(unknown.errorCode()).isEqualTo("INVALID_ENROLLMENT_TOKEN");
        var wrong = anonymous.post("/enroll/ott", "{\"token\":5,\"clientCsr\":[]}");
        assertThat(wrong.status()).as(wrong.response().body()).isEqualTo(400);
    }
}
