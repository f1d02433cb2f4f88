package io.postern.controller.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.postern.controller.testing.Tokens;
import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.Keys;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@ControllerTest
class AuthenticationTest {
    private static final String AUTHENTICATE = "/edge/client/v1/authenticate?method=cert";
    /** What stock clients read of an API Session. */
    private static final List<String> FIELDS = List.of(
            "id",
            "createdAt",
            "updatedAt",
            "tags",
            "_links",
            "authQueries",
            "authenticatorId",
            "configTypes",
            "identity",
            "identityId",
            "ipAddress",
            "isCertExtendable",
            "isMfaComplete",
            "isMfaRequired",
            "lastActivityAt",
            "cachedLastActivityAt",
            "expirationSeconds",
            "expiresAt");

    @Inject
    Network network;

    @AfterEach
    void clean() {
        network.clean();
    }

    @Test
    void certificateGivesABoundSession() throws Exception {
        var me = network.enrolled(network.identity());
        var login = me.http().post(AUTHENTICATE, "{\"configTypes\":[\"all\"],\"sdkInfo\":{\"type\":\"x\"}}");
        assertThat(login.status()).as(login.response().body()).isEqualTo(200);
        assertThat(login.header("content-type")).isEqualTo("application/json");
        assertThat(login.header("expiration-seconds")).isEqualTo("1800");
        assertThat(login.header("expires-at")).endsWith("+0000 UTC");
        var data = login.data();
        String token = data.path("token").asText();
        assertThat(login.header("zt-session")).isEqualTo(token);
        FIELDS.forEach(field -> assertThat(data.has(field)).as(field).isTrue());
        assertThat(data.path("authQueries").isArray()).isTrue();
        assertThat(data.path("identity").path("id").asText()).isEqualTo(me.id());
        assertThat(Tokens.claims(token))
                .containsEntry("z_t", "a")
                .containsEntry("sub", me.id())
                .containsEntry("z_asid", data.path("id").asText())
                .containsEntry(
                        "z_cfs",
                        List.of(Certificates.sha1(
                                Certificates.parse(me.certPem()).getFirst())));
    }

    private String token(Network.Enrolled me) throws Exception {
        return me.http().post(AUTHENTICATE, "{}").data().path("token").asText();
    }

    @Test
    void aTokenIsTakenAsEitherHeaderOnEveryPrefix() throws Exception {
        var me = network.enrolled(network.identity());
        String token = token(me);
        for (String path : List.of(
                "/current-api-session",
                "//current-api-session",
                "/edge/v1/current-api-session",
                "/edge/client/v1/current-api-session",
                "/edge/management/v1/current-api-session")) {
            assertThat(me.http().get(path, "zt-session", token).status())
                    .as(path)
                    .isEqualTo(200);
        }
        var mine = me.http().get("/current-api-session", "Authorization", "Bearer " + token);
        assertThat(mine.data().path("token").asText()).isEqualTo(token);
        assertThat(mine.header("expiration-seconds")).isEqualTo("1800");
    }

    @Test
    void aTokenIsWorthNothingAloneOrWithAnothersCertificateOrAfterItsEnd() throws Exception {
        var me = network.enrolled(network.identity());
        String token = token(me);
        var other = network.enrolled(network.identity());
        for (Http thief : List.of(Http.anonymous(network.port()), other.http())) {
            var refused = thief.get("/current-api-session", "zt-session", token);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.errorCode()).isEqualTo("UNAUTHORIZED");
        }
        assertThat(me.http()
                        .get("/edge/management/v1/services", "zt-session", token)
                        .status())
                .isEqualTo(401);

        assertThat(me.http().session(token).delete("/current-api-session").status())
                .isEqualTo(200);
        assertThat(me.http().get("/current-api-session").status()).isEqualTo(401);
    }

    @Test
    void bodyMayBeNullOrAbsent() {
        var me = network.enrolled(network.identity());
        assertThat(me.http().post(AUTHENTICATE, "null").status()).isEqualTo(200);
        assertThat(me.http().send("POST", AUTHENTICATE, null).status()).isEqualTo(200);
        assertThat(me.http().post(AUTHENTICATE, "{\"username\":").errorCode()).isEqualTo("COULD_NOT_PARSE_BODY");
    }

    @Test
    void strangersAreRefused() {
        assertThat(Http.anonymous(network.port()).post(AUTHENTICATE, "{}").errorCode())
                .isEqualTo("INVALID_AUTH");
        var keys = Keys.ec256();
        var foreign = Authority.root(keys, "me", Instant.now());
        var stranger = Http.of(network.port(), keys.getPrivate(), foreign.chain());
        var refused = stranger.post(AUTHENTICATE, "{}");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.errorCode()).isEqualTo("INVALID_AUTH");
        for (String method : List.of("", "?method=nosuch")) {
            assertThat(stranger.post("/edge/client/v1/authenticate" + method, "{}")
                            .status())
                    .isEqualTo(400);
        }
    }

    /** Certificate logins as all clients write them pass by the REST layer; nobody can tell. */
    @Test
    void theShortWayAnswersLikeTheLongOne() {
        var me = network.enrolled(network.identity());
        var stranger = Http.anonymous(network.port());
        for (String body : List.of("{}", "{\"configTypes\":[\"all\"],\"envInfo\":{\"os\":\"x\"}}", "[", "7")) {
            for (Http client : List.of(me.http(), stranger)) {
                var brief = client.post(AUTHENTICATE, body);
                var whole = client.post(AUTHENTICATE + "&more=", body);
                assertThat(brief.status()).as(body).isEqualTo(whole.status());
                assertThat(brief.response().headers().map().keySet())
                        .as(body)
                        .isEqualTo(whole.response().headers().map().keySet());
                assertThat(brief.header("content-type")).isEqualTo(whole.header("content-type"));
                assertThat(brief.header("www-authenticate")).isEqualTo(whole.header("www-authenticate"));
                assertThat(brief.header("expiration-seconds")).isEqualTo(whole.header("expiration-seconds"));
                assertThat(fields(brief)).as(body).isEqualTo(fields(whole));
                assertThat(brief.errorCode()).isEqualTo(whole.errorCode());
            }
        }
    }

    private static List<String> fields(Http.Answer answer) {
        var names = new java.util.ArrayList<String>();
        answer.json().fieldNames().forEachRemaining(names::add);
        answer.data().fieldNames().forEachRemaining(names::add);
        answer.json().path("error").fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void disabledIdentitiesAreRefused() {
        var me = network.enrolled(network.identity());
        network.sql("update identity set disabled_at = now() where id = ?", me.id());
        assertThat(me.http().post(AUTHENTICATE, "{}").status()).isEqualTo(401);
    }

    @Test
    void certificatesRenewInTwoSteps() throws Exception {
        var me = network.enrolled(network.identity());
        var login = me.http().post(AUTHENTICATE, "{}");
        Http http = me.http().session(login.header("zt-session"));
        String path = "/current-identity/authenticators";
        assertThat(http.get(path).data()).hasSize(1);
        path += "/" + login.data().path("authenticatorId").asText();
        assertThat(http.get(path).data().path("method").asText()).isEqualTo("cert");
        assertThat(http.post(path + "/extend", "{\"clientCertCsr\":\"x\"}").errorCode())
                .isEqualTo("COULD_NOT_PROCESS_CSR");
        var keys = Keys.ec256();
        var extended = http.post(path + "/extend", json("clientCertCsr", Csr.create(keys, "x", List.of())));
        assertThat(extended.status()).as(extended.response().body()).isEqualTo(200);
        String pem = extended.data().path("clientCert").asText();
        var renewed = Http.of(network.port(), keys.getPrivate(), Certificates.parse(pem));
        assertThat(renewed.post(AUTHENTICATE, "{}").status()).isEqualTo(401);
        assertThat(me.http().post(AUTHENTICATE, "{}").status()).isEqualTo(200);
        assertThat(http.post(path + "/extend-verify", json("clientCert", me.certPem()))
                        .errorCode())
                .isEqualTo("INVALID_CLIENT_CERT");
        assertThat(http.post(path + "/extend-verify", json("clientCert", pem)).status())
                .isEqualTo(200);
        assertThat(renewed.post(AUTHENTICATE, "{}").status()).isEqualTo(200);
        assertThat(me.http().session(null).post(AUTHENTICATE, "{}").status()).isEqualTo(401);
    }

    private Http admin() {
        var admin = Http.anonymous(network.port());
        return admin.session(admin.post(
                        "/edge/management/v1/authenticate?method=password",
                        "{\"username\":\"admin\",\"password\":\"admin-password\"}")
                .header("zt-session"));
    }

    @Test
    void whatAnAdminEndsEndsWithARevocation() {
        var me = network.enrolled(network.identity());
        String session = me.http().post(AUTHENTICATE, "{}").data().path("id").asText();
        var admin = admin();
        assertThat(admin.delete("/edge/management/v1/api-sessions/" + session).status())
                .isEqualTo(200);
        assertThat(network.count("select count(*) from revocation where type = 'API_SESSION' and id = ?", session))
                .isEqualTo(1);
        assertThat(admin.post("/edge/management/v1/identities/" + me.id() + "/disable", "{\"durationMinutes\":0}")
                        .status())
                .isEqualTo(200);
        assertThat(network.count("select count(*) from revocation where type = 'IDENTITY' and id = ?", me.id()))
                .isEqualTo(1);
        assertThat(me.http().post(AUTHENTICATE, "{}").status()).isEqualTo(401);
    }

    /** Tokens are dated in whole seconds, so the second of the end belongs to both: routers must tell them apart. */
    @Test
    void whoIsEnabledAgainMayLogInWithinTheSameSecond() {
        var me = network.enrolled(network.identity());
        var admin = admin();
        String path = "/edge/management/v1/identities/" + me.id();
        String before = me.http().post(AUTHENTICATE, "{}").data().path("id").asText();
        assertThat(admin.post(path + "/disable", "{\"durationMinutes\":0}").status())
                .isEqualTo(200);
        assertThat(admin.post(path + "/enable", "{}").status()).isEqualTo(200);
        String after = me.http()
                .session(null)
                .post(AUTHENTICATE, "{}")
                .data()
                .path("id")
                .asText();
        assertThat(network.count("select count(*) from revocation where type = 'API_SESSION' and id = ?", before))
                .isEqualTo(1);
        assertThat(network.count("select count(*) from revocation where type = 'API_SESSION' and id = ?", after))
                .isZero();
        assertThat(network.count(
                        "select count(*) from revocation r join api_session s on s.identity_id = r.id where s.id = ?"
                                + " and r.issued_before <= date_trunc('second', s.created_at)"
                                + " and r.issued_before = date_trunc('second', r.issued_before)",
                        after))
                .as("what ends the identity's older tokens spares this one")
                .isEqualTo(1);
    }

    private static String json(String field, String value) throws Exception {
        return new ObjectMapper().writeValueAsString(Map.of(field, value));
    }

    @Test
    void passwordsWork() {
        var http = Http.anonymous(network.port());
        String path = "/edge/management/v1/authenticate?method=password";
        assertThat(http.post(path, "{\"username\":\"admin\",\"password\":\"wrong\"}")
                        .errorCode())
                .isEqualTo("INVALID_AUTH");
        assertThat(http.post(path, "{}").errorCode()).isEqualTo("COULD_NOT_VALIDATE");
        var login = http.post(path, "{\"username\":\"admin\",\"password\":\"admin-password\"}");
        assertThat(login.status()).isEqualTo(200);
        assertThat(http.session(login.header("zt-session"))
                        .get("/edge/management/v1/services")
                        .status())
                .isEqualTo(200);
        assertThat(http.get("/current-identity").data().path("isAdmin").asBoolean())
                .isTrue();
    }

    @Test
    void wrongTokensAreRefusedWhereOneIsNeeded() {
        var http = Http.anonymous(network.port());
        var missing = http.get("/current-identity");
        assertThat(missing.status()).isEqualTo(401);
        assertThat(missing.header("www-authenticate")).contains("error=\"missing\"");
        var invalid = http.session("nonsense").get("/current-identity");
        assertThat(invalid.status()).isEqualTo(401);
        assertThat(invalid.header("www-authenticate")).contains("error=\"invalid\"");
        assertThat(http.get("/version").status()).isEqualTo(200);
    }
}
