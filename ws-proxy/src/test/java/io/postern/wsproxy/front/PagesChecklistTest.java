package io.postern.wsproxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wsproxy.front.FrontServer.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a page of another site, a made-up name or address gets. See {@link Checklist}. */
class PagesChecklistTest {
    @RegisterExtension
    private final Checklist front = new Checklist();

    @Test
    void pagesOfOtherSitesComeInNeitherByHttpNorByWebSocket() {
        String own = "http://127.0.0.1:" + front.server.port();
        assertThat(front.attach(Checklist.with("Origin", own))).isEqualTo(101);
        assertThat(front.attach(Checklist.with("Origin", "https://portal.example")))
                .isEqualTo(101);
        for (String origin : List.of(
                "https://evil.example",
                "null",
                "",
                "https://127.0.0.1:" + front.server.port(),
                "http://127.0.0.1:1",
                own + ".evil.example",
                own + ":None",
                "https://portal.example.evil.example",
                "https://xportal.example")) {
            assertThat(front.attach(Checklist.with("Origin", origin)))
                    .as(origin)
                    .isEqualTo(403);
            assertThat(front.server
                            .call("GET", "/v1/me", Checklist.with("Origin", origin), null)
                            .status())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertThat(front.server
                        .call("GET", "/v1/me", Checklist.with("Origin", "https://portal.example"), null)
                        .headers()
                        .containsKey("Access-Control-Allow-Origin"))
                .isFalse();
    }

    @Test
    void aNameThatWasMadeToLeadHereIsRefused() {
        assertThat(front.attach(Checklist.with("Host", "evil.example:" + front.server.port())))
                .isEqualTo(400);
        assertThat(front.attach(Checklist.with("Host", "127.0.0.1.evil.example:" + front.server.port())))
                .isEqualTo(400);
        assertThat(front.attach(Checklist.with("Host", "127.0.0.1:1"))).isEqualTo(400);
        assertThat(front.attach(Checklist.with("Host", "gw.example:443"))).isEqualTo(101);
        Map<String, String> forwarded = Checklist.with("Host", "evil.example");
        forwarded.put("X-Forwarded-Host", "127.0.0.1:" + front.server.port());
        forwarded.put("X-Forwarded-Proto", "https");
        assertThat(front.attach(forwarded)).isEqualTo(400);
    }

    @Test
    void forwardedAddressesAreBelievedFromConfiguredProxiesOnly() {
        FrontSettings.Rate one = new FrontSettings.Rate(0, 1);
        try (FrontServer strict = new FrontServer(s -> Checklist.copy(s, List.of(), one, s.logins(), s.sockets()));
                FrontServer behind =
                        new FrontServer(s -> Checklist.copy(s, List.of("127.0.0.0/8"), one, s.logins(), s.sockets()))) {
            assertThat(strict.upgrade(
                            Checklist.ATTACH, Checklist.CONSOLE, Checklist.with("X-Forwarded-For", "192.0.2.1")))
                    .isEqualTo(101);
            assertThat(strict.upgrade(
                            Checklist.ATTACH, Checklist.CONSOLE, Checklist.with("X-Forwarded-For", "192.0.2.2")))
                    .isEqualTo(429);
            assertThat(behind.upgrade(
                            Checklist.ATTACH, Checklist.CONSOLE, Checklist.with("X-Forwarded-For", "192.0.2.1")))
                    .isEqualTo(101);
            assertThat(behind.upgrade(
                            Checklist.ATTACH, Checklist.CONSOLE, Checklist.with("X-Forwarded-For", "192.0.2.2")))
                    .isEqualTo(101);
            assertThat(behind.upgrade(
                            Checklist.ATTACH,
                            Checklist.CONSOLE,
                            Checklist.with("X-Forwarded-For", "192.0.2.9, 192.0.2.2")))
                    .isEqualTo(429);
        }
    }

    @Test
    void noPathLeadsToAnotherSite() {
        for (String path : List.of(
                "//evil.example/%2F..",
                "//evil.example/%2f..",
                "//evil.example",
                "/%2Fevil.example/..",
                "/\\evil.example/..",
                "/v1//evil.example/%2F..",
                "/page//evil.example/%2F..",
                "/?next=https://evil.example")) {
            Answer answer = front.server.call("GET", path, Map.of("Accept", "text/html"), null);
            assertThat(answer.status() / 100).as(path).isNotEqualTo(3);
            assertThat(answer.headers()).as(path).doesNotContainKey("Location");
        }
    }

    @Test
    void noCookieIsSetAndNoneIsBelieved() {
        String login = "{\"username\":\"alice\",\"password\":\"right horse\"}";
        Answer answer = front.server.call("POST", "/v1/login", Map.of(), login);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).doesNotContainKey("Set-Cookie");
        assertThat(front.server.get("/v1/me").headers()).doesNotContainKey("Set-Cookie");
        for (String name : List.of("token", "session", "Authorization", "zt-session")) {
            Map<String, String> cookie = Map.of("Cookie", name + "=" + FakeRooms.TOKEN);
            assertThat(front.attach(cookie)).isEqualTo(401);
            assertThat(front.server.call("GET", "/v1/me", cookie, null).status())
                    .isEqualTo(401);
        }
    }
}
