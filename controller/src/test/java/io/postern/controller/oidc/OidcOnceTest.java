package io.postern.controller.oidc;

import static io.postern.controller.oidc.OidcFlow.form;
import static io.postern.controller.oidc.OidcFlow.post;
import static io.postern.controller.oidc.OidcFlow.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import jakarta.inject.Inject;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is good once is good once, where stock's refresh token outlives its exchange; and what is bound to a certificate is
 * of no use without its key.
 */
@ControllerTest
class OidcOnceTest {
    @Inject
    Network network;

    @AfterEach
    void clean() {
        network.clean();
        network.sql("delete from oidc_login");
    }

    private Network.Enrolled somebody() {
        return network.enrolled(network.identity());
    }

    private static void assertInvalidGrant(Http.Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(text(answer, "error")).isEqualTo("invalid_grant");
        assertThat(text(answer, "error_description")).isNotEmpty();
    }

    private static String sessionId(OidcFlow flow, String access) {
        return flow.bearer(access).data().path("id").asText();
    }

    private void assertEnded(String apiSessionId) {
        assertThat(network.count("select count(*) from api_session where id = ?", apiSessionId))
                .isZero();
        assertThat(network.count("select count(*) from revocation where type = 'API_SESSION' and id = ?", apiSessionId))
                .as("routers are told")
                .isEqualTo(1);
    }

    @Test
    void aRefreshTokenIsGoodOnce() {
        var flow = OidcFlow.go(somebody().http());
        var first = flow.tokens();
        String session = sessionId(flow, text(first, "access_token"));
        var second = flow.refresh(text(first, "refresh_token"));
        assertThat(second.status()).isEqualTo(200);
        assertThat(sessionId(flow, text(second, "access_token")))
                .as("the same API Session")
                .isEqualTo(session);
        var third = flow.refresh(text(second, "refresh_token"));
        assertThat(third.status()).isEqualTo(200);
        assertInvalidGrant(flow.refresh(text(first, "refresh_token")));
        assertEnded(session);
        assertThat(flow.bearer(text(third, "access_token")).status()).isEqualTo(401);
        assertInvalidGrant(flow.refresh(text(third, "refresh_token")));
    }

    @Test
    void anExchangedRefreshTokenIsGoodForItsIdTokenOnly() {
        var flow = OidcFlow.go(somebody().http());
        String old = text(flow.tokens(), "refresh_token");
        var turned = flow.exchange(old, "refresh_token", "refresh_token");
        assertThat(turned.status()).isEqualTo(200);
        assertThat(text(turned, "issued_token_type")).endsWith(":refresh_token");
        var id = flow.exchange(old, "refresh_token", "id_token");
        assertThat(id.status()).as("the Go SDK's second exchange").isEqualTo(200);
        assertThat(text(id, "issued_token_type")).endsWith(":id_token");
        assertThat(id.json().has("refresh_token")).isFalse();
        assertThat(flow.bearer(text(id, "access_token")).status())
                .as("an id token opens nothing")
                .isEqualTo(401);
        String access = text(turned, "access_token");
        String session = sessionId(flow, access);
        assertInvalidGrant(flow.exchange(old, "refresh_token", "refresh_token"));
        assertEnded(session);
        assertThat(flow.bearer(access).status()).isEqualTo(401);
    }

    @Test
    void theIdTokenOfAnOldRefreshTokenEndsTheSession() {
        var flow = OidcFlow.go(somebody().http());
        var first = flow.tokens();
        String session = sessionId(flow, text(first, "access_token"));
        assertThat(flow.refresh(text(first, "refresh_token")).status()).isEqualTo(200);
        network.sql(
                "update oidc_grant set refreshed_at = now() - interval '2 minutes' where api_session_id = ?", session);
        assertInvalidGrant(flow.exchange(text(first, "refresh_token"), "refresh_token", "id_token"));
        assertEnded(session);
    }

    @Test
    void aCodeIsGoodOnce() {
        var flow = OidcFlow.go(somebody().http());
        String callback = flow.loginByCertificate(flow.authorize());
        String code = flow.code(callback);
        var answer = flow.redeem(code);
        assertThat(answer.status()).isEqualTo(200);
        String session = sessionId(flow, text(answer, "access_token"));
        assertInvalidGrant(flow.redeem(code));
        assertEnded(session);
        assertThat(flow.bearer(text(answer, "access_token")).status()).isEqualTo(401);
        assertInvalidGrant(flow.refresh(text(answer, "refresh_token")));
    }

    @Test
    void aLoginGivesOneCodeAndTakesOneAuthentication() {
        var http = somebody().http();
        var flow = OidcFlow.go(http);
        String id = flow.authorize();
        String early = "/oidc/authorize/callback?id=" + id;
        assertThat(http.get(early).status()).as("before the login").isEqualTo(400);
        String callback = flow.loginByCertificate(id);
        var again = post(http, "/oidc/login/cert", form("id", id));
        assertThat(again.status()).isEqualTo(400);
        assertThat(text(again, "code")).isEqualTo("COULD_NOT_VALIDATE");
        flow.code(callback);
        assertThat(http.get(callback).status()).as("a second code").isEqualTo(400);
    }

    @Test
    void aCodeIsRedeemedByItsClientAlone() {
        var me = somebody();
        var flow = OidcFlow.go(me.http());
        String code = flow.code(flow.loginByCertificate(flow.authorize()));
        assertInvalidGrant(flow.redeem(code, "verifier-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", OidcFlow.CALLBACK));
        assertInvalidGrant(flow.redeem(code, OidcFlow.VERIFIER, "http://localhost:8081/auth/callback"));
        assertInvalidGrant(new OidcFlow(me.http(), "openziti").redeem(code));
        assertInvalidGrant(OidcFlow.go(Http.anonymous(network.port())).redeem(code));
        assertInvalidGrant(OidcFlow.go(somebody().http()).redeem(code));
        assertThat(flow.redeem(code).status())
                .as("a thief's tries spoil nothing")
                .isEqualTo(200);
    }

    @Test
    void aCodeExpires() {
        var flow = OidcFlow.go(somebody().http());
        String code = flow.code(flow.loginByCertificate(flow.authorize()));
        network.sql("update oidc_login set code_expires_at = now() - interval '1 second'");
        assertInvalidGrant(flow.redeem(code));
    }

    @Test
    void anotherCertificateFinishesNoLogin() {
        var flow = OidcFlow.go(somebody().http());
        String callback = flow.loginByCertificate(flow.authorize());
        assertThat(somebody().http().get(callback).status()).isEqualTo(400);
        assertThat(Http.anonymous(network.port()).get(callback).status()).isEqualTo(400);
        assertThat(flow.code(callback)).isNotEmpty();
    }

    @Test
    void stolenTokensAreWorthNothingWithoutTheKey() {
        var flow = OidcFlow.go(somebody().http());
        var mine = flow.tokens();
        for (Http thief : new Http[] {Http.anonymous(network.port()), somebody().http()}) {
            var theirs = OidcFlow.go(thief);
            assertThat(theirs.bearer(text(mine, "access_token")).status()).isEqualTo(401);
            assertInvalidGrant(theirs.refresh(text(mine, "refresh_token")));
            assertInvalidGrant(theirs.exchange(text(mine, "refresh_token"), "refresh_token", "refresh_token"));
            assertInvalidGrant(theirs.exchange(text(mine, "refresh_token"), "refresh_token", "id_token"));
        }
        assertThat(flow.bearer(text(mine, "access_token")).status()).isEqualTo(200);
        assertThat(flow.refresh(text(mine, "refresh_token")).status())
                .as("a thief's tries spoil nothing")
                .isEqualTo(200);
        assertInvalidGrant(flow.refresh(text(mine, "access_token")));
        assertThat(flow.bearer(text(mine, "refresh_token")).status())
                .as("a refresh token opens nothing")
                .isEqualTo(401);
        assertInvalidGrant(
                new OidcFlow(Http.anonymous(network.port()), "openziti").refresh(text(mine, "refresh_token")));
    }

    @Test
    void aDisabledIdentityRenewsNothing() {
        var me = somebody();
        var flow = OidcFlow.go(me.http());
        var mine = flow.tokens();
        network.sql("update identity set disabled_at = now() where id = ?", me.id());
        // what was read of an API Session is believed for two seconds
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> flow.bearer(text(mine, "access_token")).status() == 401);
        assertInvalidGrant(flow.refresh(text(mine, "refresh_token")));
    }

    @Test
    void logoutsEndTheSession() {
        var me = somebody();
        var flow = OidcFlow.go(me.http());
        var first = flow.tokens();
        String session = sessionId(flow, text(first, "access_token"));
        var out = me.http()
                .get("/oidc/end_session?"
                        + form(
                                "id_token_hint",
                                text(first, "id_token"),
                                "post_logout_redirect_uri",
                                OidcFlow.CALLBACK,
                                "state",
                                "bye"));
        assertThat(out.status()).isEqualTo(302);
        assertThat(out.header("location")).isEqualTo(OidcFlow.CALLBACK + "?state=bye");
        assertEnded(session);
        assertThat(me.http()
                        .get("/oidc/end_session?"
                                + form(
                                        "id_token_hint",
                                        text(first, "id_token"),
                                        "post_logout_redirect_uri",
                                        "https://evil.example/"))
                        .status())
                .isEqualTo(400);

        for (String kind : new String[] {"refresh_token", "access_token"}) {
            var tokens = flow.tokens();
            String id = sessionId(flow, text(tokens, "access_token"));
            var revoked = post(me.http(), "/oidc/revoke", form("token", text(tokens, kind), "client_id", "native"));
            assertThat(revoked.status()).isEqualTo(200);
            assertEnded(id);
            assertThat(flow.bearer(text(tokens, "access_token")).status()).isEqualTo(401);
        }
        assertThat(post(me.http(), "/oidc/revoke", form("token", "nonsense", "client_id", "native"))
                        .status())
                .as("RFC 7009: an unknown token is no error")
                .isEqualTo(200);
    }

    @Test
    void wrongTokenRequestsAreRefused() {
        var http = Http.anonymous(network.port());
        assertThat(text(
                        post(http, "/oidc/oauth/token", form("grant_type", "password", "client_id", "native")),
                        "error"))
                .isEqualTo("unsupported_grant_type");
        assertThat(text(post(http, "/oidc/oauth/token", form("client_id", "native")), "error"))
                .isEqualTo("invalid_request");
        var stranger = post(http, "/oidc/oauth/token", form("grant_type", "refresh_token", "client_id", "x"));
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(text(stranger, "error")).isEqualTo("invalid_client");
        assertThat(post(http, "/oidc/oauth/token", "a=" + "x".repeat(70_000)).status())
                .isEqualTo(400);
        assertThat(post(http, "/oidc/oauth/token", "a=%zz").status()).isEqualTo(400);
        assertInvalidGrant(OidcFlow.go(http).redeem("nosuch"));
        assertInvalidGrant(OidcFlow.go(http).refresh("nonsense"));
    }
}
