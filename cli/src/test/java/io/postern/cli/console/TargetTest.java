package io.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.cli.Failure;
import io.postern.cli.Json;
import io.postern.cli.console.Target.Place;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetTest {
    @Test
    void aContainerIsAHostAndAName() {
        assertThat(Target.of("dock one/web-1").path()).isEqualTo("/v1/hosts/dock%20one/containers/web-1");
        for (String wrong : new String[] {"web", "/web", "host/", "a/b/c", ""}) {
            assertThatThrownBy(() -> Target.of(wrong)).isInstanceOf(Failure.class);
        }
    }

    @Test
    void aNameAloneIsEnoughWhereOneHostHasIt() {
        List<JsonNode> all = List.of(entry("dock1", "web", "a"), entry("dock1", "db", "b"), entry("dock2", "web", "c"));
        assertThat(Containers.called("db", all)).isEqualTo(new Target("dock1", "db"));
        assertThat(Containers.called("cccccccccccc", all)).isEqualTo(new Target("dock2", "cccccccccccc"));
        assertThatThrownBy(() -> Containers.called("web", all)).hasMessageContaining("dock1/web, dock2/web");
        assertThatThrownBy(() -> Containers.called("nope", all)).hasMessageContaining("no container nope");
        assertThatThrownBy(() -> Containers.called("cccc", all)).hasMessageContaining("no container cccc");
    }

    private static JsonNode entry(String host, String name, String digit) {
        return Json.MAPPER
                .createObjectNode()
                .put("host", host)
                .put("name", name)
                .put("id", digit.repeat(64));
    }

    @Test
    void aColonMakesAPlaceInAContainerUnlessAPathIsBeforeIt() {
        assertThat(Place.of("dock/web:/etc/a:b")).isEqualTo(Optional.of(new Place("dock/web", "/etc/a:b")));
        assertThat(Place.of("web:/etc")).isEqualTo(Optional.of(new Place("web", "/etc")));
        assertThat(Place.of("web:etc/x")).isEqualTo(Optional.of(new Place("web", "/etc/x")));
        for (String local : new String[] {"/tmp/a:b", "./a:b", ":b", "a/b", "~x/y:z", "../a/b:c", "a/b/c:d", "."}) {
            assertThat(Place.of(local)).as(local).isEmpty();
        }
        assertThatThrownBy(() -> Place.of("dock/web:")).isInstanceOf(Failure.class);
    }
}
