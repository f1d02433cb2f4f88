package io.postern.wsproxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantedRightsTest {
    private static final HostName HOST = new HostName("engine");

    private static ContainerFacts container(String host, String name, String image, Map<String, String> labels) {
        return new ContainerFacts(
                new HostName(host), "c".repeat(64), name, image, labels, ContainerFacts.State.RUNNING, true, true);
    }

    private static Rights rights(String host) {
        try {
            JsonNode node = JsonMapper.builder().build().readTree(host);
            return GrantedRights.of(Map.of(HOST.value(), node));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "web-*,web-1,true",
        "web-*,web-,true",
        "web-*,aweb-1,false",
        "*,'',true",
        "?,'',false",
        "?,x,true",
        "a*b*c,aXbYc,true",
        "a*b*c,abc,true",
        "a*b*c,acb,false",
        "a.c,abc,false",
        "*-db,web-db-db,true",
        "'','',true",
        "'',x,false"
    })
    void patternsStandForWhatTheySay(String pattern, String text, boolean matches) {
        assertThat(Glob.matches(pattern, text)).isEqualTo(matches);
    }

    @Test
    void manyStarsTakeNoAge() {
        assertThat(Glob.matches("*a".repeat(60) + "b", "a".repeat(5_000))).isFalse();
    }

    @Test
    void everyPartOfAGrantHasToFitAndGrantsAddUp() {
        Rights rights = rights("""
                {"grants":[
                  {"actions":["attach"],"containers":{"names":["web-*","db"],"images":["busybox:*"],"labels":{"team":"a*"}}},
                  {"actions":["observe"]}]}
                """);
        var fits = container("engine", "web-1", "busybox:1", Map.of("team", "ab", "more", "x"));
        assertThat(rights.permits(Action.ATTACH, fits)).isTrue();
        assertThat(rights.permits(Action.EXEC, fits)).isFalse();
        assertThat(rights.permits(Action.OBSERVE, fits)).isTrue();
        for (var other : new ContainerFacts[] {
            container("engine", "api", "busybox:1", Map.of("team", "a")),
            container("engine", "web-1", "alpine:1", Map.of("team", "a")),
            container("engine", "web-1", "busybox:1", Map.of("team", "b")),
            container("engine", "web-1", "busybox:1", Map.of())
        }) {
            assertThat(rights.permits(Action.ATTACH, other))
                    .as(other.toString())
                    .isFalse();
            assertThat(rights.permits(Action.OBSERVE, other)).isTrue();
        }
        var elsewhere = container("other", "web-1", "busybox:1", Map.of("team", "a"));
        for (Action action : Action.values()) {
            assertThat(rights.permits(action, elsewhere)).isFalse();
        }
        assertThat(rights.hosts()).containsExactly(HOST);
    }

    @Test
    void anImageWithoutTagIsTheLatest() {
        Rights rights =
                rights("{\"grants\":[{\"actions\":[\"exec\"],\"containers\":{\"images\":[\"r:5000/busybox:*\"]}}]}");
        assertThat(rights.permits(Action.EXEC, container("engine", "a", "r:5000/busybox", Map.of())))
                .isTrue();
        assertThat(rights.permits(Action.EXEC, container("engine", "a", "r:5000/busybox2", Map.of())))
                .isFalse();
    }

    @Test
    void otherUsersNeedAGrantOfTheirOwn() {
        var container = container("engine", "web-1", "busybox", Map.of());
        Rights exec = rights("{\"grants\":[{\"actions\":[\"exec\"],\"users\":[\"*\"]}]}");
        assertThat(exec.permits(Action.EXEC, container)).isTrue();
        assertThat(exec.permitsUser("root", container)).isFalse();
        Rights asUser = rights("{\"grants\":[{\"actions\":[\"execAsUser\"],\"users\":[\"app\",\"www-*\"]}]}");
        assertThat(asUser.permitsUser("app", container)).isTrue();
        assertThat(asUser.permitsUser("www-data", container)).isTrue();
        assertThat(asUser.permitsUser("root", container)).isFalse();
        assertThat(asUser.permits(Action.EXEC, container)).isFalse();
        assertThat(rights("{\"grants\":[{\"actions\":[\"execAsUser\"]}]}").permitsUser("root", container))
                .isTrue();
        assertThat(rights("{\"grants\":[{\"actions\":[\"execAsUser\"],\"users\":[]}]}")
                        .permitsUser("root", container))
                .isFalse();
    }

    @Test
    void nothingIsGrantedByDefault() {
        var container = container("engine", "web-1", "busybox", Map.of());
        for (String host : new String[] {"{}", "{\"grants\":[]}", "{\"grants\":5}", "{\"grants\":[{}]}"}) {
            for (Action action : Action.values()) {
                assertThat(rights(host).permits(action, container)).as(host).isFalse();
            }
        }
        assertThat(rights("{\"grants\":[]}").hosts()).isEmpty();
    }

    @Test
    void rulesAreReadAndWhatIsLeftOutIsTheProxys() {
        var rules = rights("{\"grants\":[],\"limits\":{\"sessionsPerUser\":3,\"idleSeconds\":60},"
                        + "\"recording\":{\"mode\":\"required\",\"input\":true}}")
                .rules(HOST);
        assertThat(rules.sessionsPerUser()).contains(3);
        assertThat(rules.sessionsPerContainer()).isEmpty();
        assertThat(rules.idle()).contains(Duration.ofMinutes(1));
        assertThat(rules.longest()).isEmpty();
        assertThat(rules.recording()).contains(Rights.Recording.REQUIRED);
        assertThat(rules.recordInput()).isTrue();
        var none = rights("{}").rules(new HostName("other"));
        assertThat(none.recording()).isEqualTo(Optional.empty());
        assertThat(none.recordInput()).isFalse();
    }
}
