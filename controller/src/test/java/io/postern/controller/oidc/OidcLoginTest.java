package io.postern.controller.oidc;

import static io.postern.controller.oidc.OidcFlow.form;
import static io.postern.controller.oidc.OidcFlow.post;
import static io.postern.controller.oidc.OidcFlow.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.postern.pki.Certificates;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logins by OIDC, each with the words of one stock SDK (SDK sheet 3.3). */
@ControllerTest
class OidcLoginTest {
    @Inject
    Network network;

    @Inject
    OidcSweep sweep;

    @AfterEach
    void clean() {
        network.clean();
        network.sql("delete from oidc_login");
    }

    private Network.Enrolled somebody() {
        return network.enrolled(network.identity());
    }

    private Http anonymous() {
        return Http.anonymous(network.port());
    }

    @Test
    void goLogsInByCertificate() throws Exception {
        var me = somebody();
        var flow = OidcFlow.go(me.http());
        var begun = me.http().get("/oidc/authorize?" + flow.authorizeQuery("openid offline_access"));
        assertThat(begun.status()).isEqualTo(302);
        assertThat(begun.header("location")).startsWith("/oidc/login/cert?authRequestID=");
        var asked = me.http().get(begun.header("location"));
        assertThat(asked.status()).isEqualTo(200);
        String id = asked.header("auth-request-id");
        assertThat(begun.header("location")).endsWith(id);
        var login = post(
                me.http(),
                "/oidc/login/cert",
                form("id", id, "username", "", "password", "", "envOs", "linux", "sdkType", "ziti-sdk-golang")
                        + "&configTypes=all&configTypes=host.v1");
        assertThat(login.status()).isEqualTo(302);
        assertThat(login.header("location"))
                .isEqualTo("https://localhost:" + network.port() + "/oidc/authorize/callback?id=" + id);
        var answer = flow.redeem(flow.code(OidcFlow.path(login.header("location"))));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(text(answer, "token_type")).isEqualTo("Bearer");
        assertThat(text(answer, "scope")).isEqualTo("openid offline_access");
        assertThat(answer.json().path("expires_in").asLong()).isEqualTo(1800);

        String access = text(answer, "access_token");
        var session = flow.bearer(access);
        assertThat(session.status()).isEqualTo(200);
        assertThat(session.data().path("token").asText()).isEqualTo(access);
        assertThat(session.data().path("configTypes")).hasSize(2);
        assertThat(session.header("expiration-seconds")).isEmpty();
        Map<String, Object> claims = claims(access, "native");
        assertThat(claims)
                .containsEntry("z_t", "a")
                .containsEntry("sub", me.id())
                .containsEntry("aud", List.of("native"))
                .containsEntry("z_asid", session.data().path("id").asText())
                .containsEntry("scopes", List.of("openid", "offline_access"))
                .containsEntry(
                        "z_cfs",
                        List.of(Certificates.sha1(
                                Certificates.parse(me.certPem()).getFirst())));
        assertThat(claims(text(answer, "id_token"), "native"))
                .containsEntry("nonce", "nonce1")
                .containsEntry("sub", me.id())
                .containsEntry("at_hash", Secrets.halfHash(access));
        assertThat(claims(text(answer, "refresh_token"), "native")).containsEntry("z_t", "r");
        Awaitility.await("what the client says of itself is written behind its answer")
                .atMost(Duration.ofSeconds(60))
                .until(() -> network.count(
                                "select count(*) from identity where id = ? and env_info ->> 'os' = 'linux'"
                                        + " and sdk_info ->> 'type' = 'ziti-sdk-golang'",
                                me.id())
                        == 1);
    }

    /** Verifies as a stranger does: by the published keys, issuer and audience. */
    private Map<String, Object> claims(String token, String audience) throws Exception {
        var keys = new JsonWebKeySet(anonymous().get("/oidc/keys").response().body());
        var consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new JwksVerificationKeyResolver(keys.getJsonWebKeys()))
                .setExpectedIssuer("https://localhost:" + network.port() + "/oidc")
                .setExpectedAudience(audience)
                .setRequireExpirationTime()
                .setRequireSubject()
                .setAllowedClockSkewInSeconds(5)
                .build();
        return consumer.processToClaims(token).getClaimsMap();
    }

    @Test
    void jvmLogsInByCertificate() {
        var http = somebody().http();
        var begun = post(
                http,
                "/oidc/authorize",
                form(
                        "response_type", "code",
                        "client_id", "openziti",
                        "redirect_uri", OidcFlow.CALLBACK,
                        "scope", "openid offline_access",
                        "state", "xyz",
                        "code_challenge_method", "S256",
                        "code_challenge", Secrets.sha256(OidcFlow.VERIFIER)));
        assertThat(begun.status()).isEqualTo(302);
        var login = post(http, begun.header("location"), "");
        assertThat(login.status()).as(login.response().body()).isEqualTo(302);
        assertThat(login.header("location")).startsWith("https://");
        var back = http.get(OidcFlow.path(login.header("location")));
        assertThat(back.header("location")).endsWith("&state=xyz");
        var flow = new OidcFlow(http, "openziti");
        var answer = flow.redeem(OidcFlow.parameter(back.header("location"), "code"));
        assertThat(answer.status()).isEqualTo(200);
        // it shows routers the token of its login for as long as it runs, so that one lasts
        assertThat(answer.json().path("expires_in").asLong())
                .isEqualTo(Duration.ofDays(30).toSeconds());
        var renewed = post(
                http,
                "/oidc/oauth/token",
                form("grant_type", "refresh_token", "refresh_token", text(answer, "refresh_token")),
                "Authorization",
                "Basic b3BlbnppdGk6");
        assertThat(renewed.status()).as(renewed.response().body()).isEqualTo(200);
        assertThat(flow.bearer(text(renewed, "access_token")).status()).isEqualTo(200);
    }

    @Test
    void cLogsInByCertificate() {
        var http = somebody().http();
        var begun = http.send(
                "POST",
                "/oidc/authorize?"
                        + form(
                                "client_id", "openziti",
                                "scope", "openid offline_access",
                                "response_type", "code",
                                "redirect_uri", "http://localhost:20314/auth/callback",
                                "code_challenge", Secrets.sha256(OidcFlow.VERIFIER),
                                "code_challenge_method", "S256",
                                "state", "s",
                                "audience", "openziti"),
                null);
        assertThat(begun.status()).as(begun.response().body()).isEqualTo(302);
        String id = OidcFlow.parameter(begun.header("location"), "authRequestID");
        var login = http.post(
                "/oidc/login/cert?id=" + id,
                "{\"sdkInfo\":{\"type\":\"ziti-sdk-c\"},\"envInfo\":{},\"configTypes\":[\"all\"]}");
        assertThat(login.status()).as(login.response().body()).isEqualTo(302);
        String back = http.get(OidcFlow.path(login.header("location"))).header("location");
        assertThat(back).matches("http://localhost:20314/auth/callback\\?code=[A-Za-z0-9_-]+&state=s");
        var answer = post(
                http,
                "/oidc/oauth/token",
                form(
                        "code", OidcFlow.parameter(back, "code"),
                        "grant_type", "authorization_code",
                        "client_id", "openziti",
                        "code_verifier", OidcFlow.VERIFIER,
                        "redirect_uri", "http://localhost:20314/auth/callback",
                        "state", "s"));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(text(answer, "refresh_token")).isNotEmpty();
    }

    @Test
    void aBrowserLogsInByPassword() {
        var http = anonymous();
        var flow = OidcFlow.go(http);
        var begun = http.get("/oidc/authorize?" + flow.authorizeQuery("openid"));
        assertThat(begun.header("location")).startsWith("/oidc/login/username?authRequestID=");
        var page = http.get(begun.header("location"), "Accept", "text/html");
        String id = page.header("auth-request-id");
        assertThat(page.header("content-type")).startsWith("text/html");
        assertThat(page.header("content-security-policy")).contains("default-src 'none'");
        assertThat(page.response().body()).contains("value=\"" + id + "\"").contains("action=\"/oidc/login/username\"");
        var wrong = post(
                http,
                "/oidc/login/username",
                form("id", id, "username", "admin", "password", "wrong"),
                "Accept",
                "text/html");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.response().body()).contains("role=\"alert\"").contains("value=\"" + id + "\"");
        var program = post(http, "/oidc/login/password", form("id", id, "username", "admin", "password", "wrong"));
        assertThat(program.status()).isEqualTo(401);
        assertThat(text(program, "code")).isEqualTo("INVALID_AUTH");
        var answer = flow.redeem(flow.code(flow.loginByPassword(id)));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().has("refresh_token")).isFalse();
        String access = text(answer, "access_token");
        assertThat(flow.bearer(access).status()).isEqualTo(200);
        var me = http.get("/oidc/userinfo", "Authorization", "Bearer " + access);
        assertThat(text(me, "sub")).isNotEmpty();
        assertThat(http.get("/oidc/userinfo").status()).isEqualTo(401);
        // without a refresh token it renews by the access token that it still has
        var renewed = flow.exchange(access, "access_token", "access_token");
        assertThat(renewed.status()).as(renewed.response().body()).isEqualTo(200);
        assertThat(flow.bearer(text(renewed, "access_token")).status()).isEqualTo(200);
        assertThat(flow.exchange(access, "access_token", "id_token").status()).isEqualTo(200);
    }

    @Test
    void whatIsOfferedIsSaid() {
        var http = anonymous();
        var version = http.get("/version").data();
        assertThat(version.path("capabilities"))
                .extracting(word -> word.asText())
                .containsExactly("OIDC_AUTH");
        String base = "https://localhost:" + network.port() + "/oidc";
        assertThat(version.at("/apiVersions/edge-oidc/v1/apiBaseUrls/0").asText())
                .isEqualTo(base);
        for (String path : List.of("/oidc/.well-known/openid-configuration", "/.well-known/openid-configuration")) {
            var all = http.get(path).json();
            assertThat(all.path("issuer").asText()).isEqualTo(base);
            assertThat(all.path("authorization_endpoint").asText()).isEqualTo(base + "/authorize");
            assertThat(all.path("token_endpoint").asText()).isEqualTo(base + "/oauth/token");
            assertThat(all.path("jwks_uri").asText()).isEqualTo(base + "/keys");
        }
    }

    @Test
    void wrongBeginningsAreRefused() {
        var http = anonymous();
        String good = OidcFlow.go(http).authorizeQuery("openid");
        for (String address : List.of(
                "https://evil.example/auth/callback",
                "http://localhost:8080/other",
                "http://localhost@evil.example/auth/callback",
                "http://localhost:8080/auth/callback?x=1",
                "openziti://auth/callback/x",
                "javascript:alert(1)",
                "")) {
            var refused = http.get("/oidc/authorize?"
                    + good.replace(form("redirect_uri", OidcFlow.CALLBACK), form("redirect_uri", address)));
            assertThat(refused.status()).as(address).isEqualTo(400);
            assertThat(text(refused, "error")).isEqualTo("invalid_request");
        }
        assertThat(http.get("/oidc/authorize?" + good.replace("client_id=native", "client_id=other"))
                        .status())
                .isEqualTo(400);
        for (String change : List.of(
                "code_challenge_method=plain",
                "code_challenge_method=",
                "code_challenge_method=S256&code_challenge=short")) {
            String query = good.replace("code_challenge_method=S256", change);
            if (change.contains("&")) {
                query = query.replaceFirst("code_challenge=[^&]+&", "");
            }
            var returned = http.get("/oidc/authorize?" + query);
            assertThat(returned.status()).isEqualTo(302);
            assertThat(returned.header("location"))
                    .startsWith(OidcFlow.CALLBACK + "?error=invalid_request&")
                    .endsWith("&state=st+ate%261");
        }
        assertThat(http.get("/oidc/authorize?" + good.replace("response_type=code", "response_type=token"))
                        .header("location"))
                .contains("error=unsupported_response_type");
        assertThat(http.get("/oidc/authorize?" + good + "&method=ext-jwt").status())
                .isEqualTo(400);
        assertThat(http.get("/oidc/authorize?" + good + "x".repeat(600)).status())
                .as("a state of 600 characters")
                .isEqualTo(400);
        assertThat(network.count("select count(*) from oidc_login where remote_address <> ?", ""))
                .isZero();
    }

    @Test
    void openLoginsAreLimited() {
        network.sql(
                "insert into oidc_login (id, created_at, expires_at, remote_address, client_id, redirect_uri, scopes,"
                        + " state, nonce, code_challenge) select 'many-' || n, now(), now() + interval '5 minutes',"
                        + " '127.0.0.1', 'native', '', '{}', '', '', '' from generate_series(1, 2000) n");
        var http = anonymous();
        String path = "/oidc/authorize?" + OidcFlow.go(http).authorizeQuery("openid");
        var refused = http.get(path);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(text(refused, "error")).isEqualTo("temporarily_unavailable");
        network.sql("update oidc_login set expires_at = now() - interval '1 second'");
        sweep.sweep().await().atMost(Duration.ofSeconds(60));
        assertThat(http.get(path).status()).isEqualTo(302);
    }

    @Test
    void unfinishedLoginsLeaveNothing() {
        var me = somebody();
        var flow = OidcFlow.go(me.http());
        flow.code(flow.loginByCertificate(flow.authorize()));
        flow.tokens();
        assertThat(network.count("select count(*) from api_session where identity_id = ?", me.id()))
                .isEqualTo(2);
        network.sql("update oidc_login set expires_at = now() - interval '1 second'");
        sweep.sweep().await().atMost(Duration.ofSeconds(60));
        assertThat(network.count("select count(*) from api_session where identity_id = ?", me.id()))
                .as("the finished login's")
                .isEqualTo(1);
        assertThat(network.count("select count(*) from oidc_login where client_id = ?", "native"))
                .isZero();
    }
}
