package io.postern.controller.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.testing.Http;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The steps of a login, as the Go SDK takes them. */
final class OidcFlow {
    static final String CALLBACK = "http://localhost:8080/auth/callback";
    static final String VERIFIER = "verifier-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Http http;
    private final String client;

    OidcFlow(Http http, String client) {
        this.http = http;
        this.client = client;
    }

    static OidcFlow go(Http http) {
        return new OidcFlow(http, "native");
    }

    static String form(String... pairs) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return all.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static Http.Answer post(Http http, String path, String form, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = FORM;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return http.send("POST", path, form, all);
    }

    static String parameter(String location, String name) {
        for (String pair : String.valueOf(URI.create(location).getRawQuery()).split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return "";
    }

    static String path(String absolute) {
        URI uri = URI.create(absolute);
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }

    String authorizeQuery(String scope) {
        return form(
                "client_id",
                client,
                "code_challenge",
                Secrets.sha256(VERIFIER),
                "code_challenge_method",
                "S256",
                "nonce",
                "nonce1",
                "redirect_uri",
                CALLBACK,
                "response_type",
                "code",
                "scope",
                scope,
                "state",
                "st ate&1");
    }

    /** @return the login's id */
    String authorize() {
        var answer = http.get("/oidc/authorize?" + authorizeQuery("openid offline_access"));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(302);
        return parameter(answer.header("location"), "authRequestID");
    }

    /** @return where the callback is */
    String loginByCertificate(String id) {
        var answer = post(http, "/oidc/login/cert", form("id", id, "configTypes", "all", "sdkType", "test"));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(302);
        return path(answer.header("location"));
    }

    String loginByPassword(String id) {
        var answer =
                post(http, "/oidc/login/password", form("id", id, "username", "admin", "password", "admin-password"));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(302);
        return path(answer.header("location"));
    }

    String code(String callback) {
        var answer = http.get(callback);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(302);
        assertThat(answer.header("location")).startsWith(CALLBACK + "?code=").endsWith("&state=st+ate%261");
        return parameter(answer.header("location"), "code");
    }

    Http.Answer redeem(String code) {
        return redeem(code, VERIFIER, CALLBACK);
    }

    Http.Answer redeem(String code, String verifier, String redirectUri) {
        return post(
                http,
                "/oidc/oauth/token",
                form(
                        "grant_type", "authorization_code",
                        "client_id", client,
                        "code", code,
                        "code_verifier", verifier,
                        "redirect_uri", redirectUri));
    }

    Http.Answer refresh(String token) {
        return post(
                http,
                "/oidc/oauth/token",
                form("grant_type", "refresh_token", "refresh_token", token, "client_id", client));
    }

    /** As the Go SDK renews: for the next refresh token, or for an id token. */
    Http.Answer exchange(String subject, String kind, String wanted) {
        return post(
                http,
                "/oidc/oauth/token",
                form(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "requested_token_type",
                        "urn:ietf:params:oauth:token-type:" + wanted,
                        "subject_token",
                        subject,
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:" + kind),
                "Authorization",
                "Basic "
                        + java.util.Base64.getEncoder()
                                .encodeToString((client + ":").getBytes(StandardCharsets.UTF_8)));
    }

    /** All of it by certificate; the answer of the token endpoint. */
    Http.Answer tokens() {
        var answer = redeem(code(loginByCertificate(authorize())));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer;
    }

    Http.Answer bearer(String token) {
        return http.get("/edge/client/v1/current-api-session", "Authorization", "Bearer " + token);
    }

    static String text(Http.Answer answer, String field) {
        return answer.json().path(field).asText();
    }
}
